"""The unified social credit code."""

from __future__ import annotations

import pytest

from handlers.clients import credit_code


@pytest.mark.parametrize("code", ["91110000600037341L", "914403001922038216", "91980105MA9XQ00138"])
def test_a_right_code_is_given_back(code: str) -> None:
    assert credit_code.read(code) == code


@pytest.mark.parametrize(
    "text", [" 91110000 60003734 1l ", "９１１１００００６０００３７３４１Ｌ", "9111-0000-6000-3734-1L"]
)
def test_width_case_and_blanks_do_not_matter(text: str) -> None:
    assert credit_code.read(text) == "91110000600037341L"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "0 characters"),
        ("9111000060003734", "16 characters"),
        ("0" * 18, "all zeros"),
        ("91110000600037341I", "not allowed"),
        ("911100006000373410", "check digit of the credit code"),
        ("91110000600037342P", "organisation code"),
    ],
)
def test_a_wrong_code_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(credit_code.InvalidCreditCode, match=says):
        credit_code.read(text)


def test_letters_are_allowed_in_the_first_two_places() -> None:
    assert not credit_code.is_valid("N1110000600037341L")
    with pytest.raises(credit_code.InvalidCreditCode, match="check digit of the credit code"):
        credit_code.read("N1110000600037341L")
