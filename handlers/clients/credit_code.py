"""The unified social credit code of an organisation (统一社会信用代码, GB 32100-2015)."""

from __future__ import annotations

import re
from unicodedata import normalize

from stdnum.cn import uscc

from engine.errors import InvalidInput

# GB 32100-2015 allows letters in the first two places (N for 农业农村, Y for others); stdnum's own validate
# refuses them, so only its check digit is used.
_FORM = re.compile(r"[1-9A-HJ-NPQRTUWXY][1-9A-HJ-NPQRTUWXY]\d{6}[0-9A-HJ-NPQRTUWXY]{10}")
_LENGTH = 18
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


class InvalidCreditCode(InvalidInput):
    """A text is no unified social credit code; the sentence says which part is wrong."""


def normalise(text: str) -> str:
    """Write a code in standard form: half-width capitals without blanks or hyphens."""
    return re.sub(r"[\s\-]+", "", normalize("NFKC", text)).upper()


def read(text: str) -> str:
    """Give the code in standard form, form and both check digits checked; else InvalidCreditCode.

    The organisation code in places 9-17 carries its own check digit (GB 11714-1997).
    """
    code = normalise(text)
    if len(code) != _LENGTH:
        raise InvalidCreditCode(f"The credit code {text!r} has {len(code)} characters; it must have 18.")
    if not code.strip("0"):
        raise InvalidCreditCode("The credit code is all zeros; enter the one on the business licence.")
    if not _FORM.fullmatch(code):
        raise InvalidCreditCode(f"The credit code {code} holds a character that is not allowed at its place.")
    if uscc.calc_check_digit(code[:17]) != code[17]:
        raise InvalidCreditCode(
            f"The check digit of the credit code {code} is wrong; compare it with the licence."
        )
    if _organisation_check(code[8:16]) != code[16]:
        raise InvalidCreditCode(f"The organisation code inside {code} (places 9-17) has a wrong check digit.")
    return code


def is_valid(text: str) -> bool:
    """Tell whether the text is a credit code; see `read` for what is checked."""
    try:
        read(text)
    except InvalidCreditCode:
        return False
    return True


def _organisation_check(body: str) -> str:
    remainder = 11 - sum(int(c, 36) * w for c, w in zip(body, _ORGANISATION_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(remainder, str(remainder))
