"""What is wrong with answers or with a form: codes the pages translate, with an English text of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.errors import DeploymentRefused

TEXTS = {
    "required": "This must be filled in.",
    "unknown_field": "The form has no such field.",
    "not_text": "This must be a text.",
    "not_number": "This must be a number, such as 12345.60.",
    "not_boolean": "This must be yes or no.",
    "not_a_choice": "This is not one of the choices.",
    "not_a_list": "This must be a list.",
    "not_a_context": "This must be a group of fields.",
    "not_a_date": "This must be a date, such as 2026-11-30.",
    "not_a_time": "This must be a time, such as 10:30.",
    "not_a_datetime": "This must be a date and a time, such as 2026-11-30T10:30.",
    "not_a_file": "This must be a file.",
    "past_date": "The date must not be in the past.",
    "too_small": "This must be at least {min}.",
    "too_large": "This must be at most {max}.",
    "too_short": "This must have at least {min} characters.",
    "too_long": "This must have at most {max} characters.",
    "too_many": "There must be at most {max} entries.",
    "decimal_digits": "This may have at most {digits} decimal places.",
    "increment": "This must be a multiple of {step}.",
    "pattern": "This does not have the required form.",
    "pattern_message": "{message}",
    "email": "This must be an e-mail address.",
    "phone": "This must be a phone number, such as +86 10 1234 5678.",
    "rule_unclear": "The rule '{rule}' of this field has no value.",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem of one answer: a code of TEXTS and the values its text needs."""

    code: str
    args: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the English text."""
        return TEXTS[self.code].format_map(self.args)


@dataclass(frozen=True, slots=True, order=True)
class FormProblem:
    """One problem of a form schema: the file, the place in the schema, and a sentence."""

    file: str
    place: str
    message: str

    def __str__(self) -> str:
        """Return the whole as one sentence."""
        return f"{self.file}, {self.place}: {self.message}"


class FormError(DeploymentRefused):
    """A form schema cannot be used; ``problems`` holds every reason (FormProblem)."""

    def __init__(self, problems: Sequence[FormProblem]) -> None:
        """Keep all problems in the order of the schema."""
        super().__init__(problems)
