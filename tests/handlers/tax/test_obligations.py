"""What is due for a client."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from engine.calendar import china
from engine.errors import InvalidInput
from handlers.clients.taxpayer import Taxpayer, read_taxpayer
from handlers.periods import Period, parse_period
from handlers.tax.obligations import Obligation, obligations

SMALL = Taxpayer("里巷", "91980105MA9LX0029B")
GENERAL = Taxpayer("星桥", "91980105MA9XQ00138", vat="general")


def due(client: Taxpayer, month: str) -> dict[str, Obligation]:
    return {each.code: each for each in obligations(client, parse_period(month), china())}


def test_a_general_taxpayer_files_vat_every_month() -> None:
    found = due(GENERAL, "2026-08")

    assert found["VAT_M"].due is not None
    assert found["VAT_M"].due.date == date(2026, 9, 15)
    assert found["VAT_M"].period == "2026-08"
    assert {"IIT_W", "SOCIAL", "HPF"} <= set(found)
    assert "VAT_Q" not in found
    assert "CIT_Q" not in found


def test_a_small_scale_taxpayer_files_after_the_quarter() -> None:
    found = due(SMALL, "2026-09")

    assert {"VAT_Q", "CIT_Q", "FS_Q", "STAMP_Q", "IIT_W"} <= set(found)
    assert found["VAT_Q"].period == "2026Q3"
    assert found["VAT_Q"].due is not None
    assert found["VAT_Q"].due.date == date(2026, 10, 26)
    assert "VAT_Q" not in due(SMALL, "2026-08")


def test_december_brings_the_yearly_ones_with_their_own_dates() -> None:
    found = due(SMALL, "2025-12")

    settlement, report = found["CIT_Y"].due, found["SAMR_Y"].due
    assert settlement is not None
    assert report is not None
    assert settlement.date == date(2026, 6, 1)
    assert report.date == date(2026, 6, 30)
    assert found["CIT_Y"].period == "2025"


def test_due_dates_of_a_year_without_a_schedule_are_provisional() -> None:
    vat = due(SMALL, "2026-12")["VAT_Q"]

    assert vat.due is not None
    assert vat.due.provisional


def test_local_windows_are_left_to_a_person() -> None:
    assert due(GENERAL, "2026-08")["SOCIAL"].due is None


def test_an_individual_business_files_business_income_and_no_company_tax() -> None:
    found = due(replace(SMALL, legal_form="individual_business"), "2026-09")

    assert "IITB_Q" in found
    assert not {"CIT_Q", "FS_Q"} & set(found)


def test_attributes_switch_obligations() -> None:
    monthly = replace(
        SMALL, monthly_vat=True, monthly_statements=True, cultural_fee=True, withholds_wages=False
    )

    found = due(monthly, "2026-08")

    assert {"VAT_SM", "FS_M", "CULT"} <= set(found)
    assert "IIT_W" not in found
    assert due(replace(SMALL, owns_property=True), "2026-12")["PROP"].period == "2026H2"


def test_a_taxpayer_is_read_from_a_profile() -> None:
    profile = {
        "name": "里巷",
        "credit_code": "91980105MA9LX0029B",
        "vat": "general",
        "favourite_colour": "red",
    }

    assert read_taxpayer(profile) == replace(SMALL, vat="general")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"vat": "big"}, "vat"), ({"employs": "yes"}, "employs"), ({"name": None}, "name")],
)
def test_a_wrong_attribute_is_named(wrong: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        read_taxpayer({"name": "里巷", "credit_code": "x", **wrong})


def test_periods_are_read_and_written() -> None:
    assert [str(parse_period(text)) for text in ("2026-08", "2026Q3", "2026-Q3", "2026")] == [
        "2026-08",
        "2026Q3",
        "2026Q3",
        "2026",
    ]
    assert str(Period(2026, 12).following) == "2027-01"
    assert date(2026, 9, 30) in parse_period("2026Q3")
    assert [str(month) for month in parse_period("2026Q4").months] == ["2026-10", "2026-11", "2026-12"]
    with pytest.raises(InvalidInput, match="not a period"):
        parse_period("2026-13")
