"""Every error a caller of the engine handles, drawn as a tree and named for what the caller does next.

ZhangfangError
├── NotFound            tell the person that the thing is not there
├── NotAllowed          tell the person who may do it
├── Conflict            the thing has moved on: show its present state (409)
│   ├── AlreadyRunning  one business key has one running instance
│   └── MigrationRefused show what keeps the instance from another version; it is as it was
├── InvalidAnswers      show the form again with each problem
├── InvalidInput        show the sentence beside what was given
├── DeploymentRefused   show every problem; nothing was deployed
├── ExpressionError     show text, line and column to the author
├── DecisionError       open an incident that names decision and rule
├── BusinessError       throw a BPMN error event
├── NoHandler           open an incident: the topic has no handler here
└── Busy                try again: somebody else holds the row or the file
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

LONGEST_SHOWN = 200
"""Characters of an expression that an error repeats."""


class ZhangfangError(Exception):
    """Root of all errors that a caller can handle; the text is a whole sentence."""


class NotFound(ZhangfangError):
    """The named thing does not exist, or not for this person."""


class NotAllowed(ZhangfangError):
    """This person may not do this; the sentence says who may."""


class Conflict(ZhangfangError):
    """The thing has changed since the caller looked: nothing was done."""


class AlreadyRunning(Conflict):
    """A running instance holds this business key already."""


class MigrationRefused(Conflict):
    """An instance cannot go over to another version: nothing was done; ``report`` says all that keeps it."""

    def __init__(self, sentences: Sequence[str], report: Any) -> None:
        """Keep the report; the text joins its problems, one a line."""
        super().__init__("\n".join(sentences))
        self.sentences, self.report = tuple(sentences), report


class InvalidInput(ZhangfangError):
    """A given value cannot be used; the sentence names it and the way out."""


class InvalidAnswers(ZhangfangError):
    """The answers of a form do not pass: every problem by the path of its field."""

    def __init__(self, problems: Mapping[str, Any]) -> None:
        """Keep the problems, field path → problem (its text by ``str``)."""
        super().__init__("; ".join(f"{path}: {problem}" for path, problem in problems.items()))
        self.problems = dict(problems)


class DeploymentRefused(ZhangfangError):
    """Nothing was deployed; ``problems`` holds every reason (see ``engine.bpmn.gate.Problem``)."""

    def __init__(self, problems: Sequence[Any]) -> None:
        """Keep all problems; the text joins them, one a line."""
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class ExpressionError(ZhangfangError):
    """A FEEL expression cannot be read or evaluated."""

    def __init__(self, message: str, *, text: str, line: int, column: int) -> None:
        """Say what is wrong at ``line``:``column`` (both from 1) of ``text``."""
        super().__init__(
            f"{message} (line {line}, column {column} of «{text if len(text) < LONGEST_SHOWN else text[:LONGEST_SHOWN] + '…'}»)"
        )
        self.message, self.text, self.line, self.column = message, text, line, column


class DecisionError(ZhangfangError):
    """A decision cannot be read or evaluated; the sentence names file, decision and rule."""


class BusinessError(ZhangfangError):
    """What a handler raises to throw a BPMN error event with ``code``."""

    def __init__(self, code: str, message: str = "", variables: Mapping[str, Any] | None = None) -> None:
        """Carry ``variables`` to the catching event's scope."""
        super().__init__(message or code)
        self.code, self.message, self.variables = code, message or code, dict(variables or {})


class NoHandler(ZhangfangError):
    """No installed handler answers to the topic."""


class Busy(ZhangfangError):
    """Somebody else holds what is needed; the same call may be tried again."""
