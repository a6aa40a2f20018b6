"""VAT of small-scale and general taxpayers, and the levies on it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from handlers.clients.taxpayer import Taxpayer
from handlers.tax.dated import NoRule, Unsupported, rule
from handlers.tax.levies import levies
from handlers.tax.vat import Sales, general, net_of, small_scale

D = Decimal
Q3 = date(2026, 9, 30)
SMALL = Taxpayer("里巷", "91980105MA9LX0029B")
GENERAL = Taxpayer("星桥", "91980105MA9XQ00138", vat="general")


def test_sales_below_the_threshold_are_exempt() -> None:
    vat = small_scale([Sales(D("299999.99"), D("0.01"))], on=Q3)

    assert vat.below_threshold
    assert vat.payable == 0
    assert vat.relieved == D("3000.00")


def test_special_invoices_are_taxed_even_below_the_threshold() -> None:
    vat = small_scale([Sales(D(100000), D("0.01")), Sales(D(50000), D("0.01"), special=True)], on=Q3)

    assert vat.payable == D("500.00")
    assert vat.relieved == D("1000.00")


def test_sales_that_reach_the_threshold_are_taxed_in_full_and_doubt_is_shown() -> None:
    vat = small_scale([Sales(D(300000), D("0.01"))], on=Q3)

    assert vat.payable == D("3000.00")
    assert "恰好等于起征点" in vat.notes[0]


def test_until_2025_the_threshold_itself_was_exempt() -> None:
    vat = small_scale([Sales(D(300000), D("0.01"))], on=date(2025, 12, 31))

    assert vat.payable == 0
    assert vat.notes == ()


def test_a_monthly_taxpayer_has_the_monthly_threshold() -> None:
    assert small_scale([Sales(D(100000), D("0.01"))], on=Q3, period="month").payable == D("1000.00")


def test_each_rate_is_rounded_on_its_own_line() -> None:
    sales = [Sales(D("400000.45"), D("0.01")), Sales(D("100.50"), D("0.03"), special=True)]

    vat = small_scale(sales, on=Q3)

    assert [line.tax for line in vat.lines] == [D("4000.00"), D("3.02")]
    assert "第10号" in vat.lines[0].source


def test_exempt_sales_count_towards_the_threshold_and_bear_no_tax() -> None:
    vat = small_scale([Sales(D(250000), D("0.01")), Sales(D(60000), exempt=True)], on=Q3)

    assert not vat.below_threshold
    assert vat.payable == D("2500.00")


def test_red_invoices_lower_the_sales() -> None:
    assert small_scale([Sales(D(310000), D("0.01")), Sales(D(-20000), D("0.01"))], on=Q3).below_threshold


def test_no_sales_give_a_nil_return() -> None:
    assert small_scale([], on=Q3).payable == 0


@pytest.mark.parametrize("on", [date(2028, 3, 31), date(2022, 12, 31)])
def test_outside_the_dated_rules_there_is_no_answer(on: date) -> None:
    with pytest.raises(NoRule, match=r"vat\.small_scale"):
        small_scale([Sales(D(1), D("0.01"))], on=on)


@pytest.mark.parametrize(
    ("sales", "says"),
    [
        (Sales(D(1), D("0.05")), "0.05"),
        (Sales(D(1), D("0.01"), immovable=True), "immovables"),
        (Sales(D(-1), D("0.01")), "Red invoices"),
        (Sales(D(1), special=True, exempt=True), "special invoice"),
    ],
)
def test_cases_outside_the_simple_ones_are_refused_with_the_reason(sales: Sales, says: str) -> None:
    with pytest.raises(Unsupported, match=says):
        small_scale([sales], on=Q3)


def test_the_tax_is_taken_out_of_a_gross_price() -> None:
    assert net_of(D("606.00"), D("0.01")) == D("600.00")


def test_a_general_taxpayer_pays_output_less_credit() -> None:
    output = [Sales(D("4433.96"), D("0.06")), Sales(D("265.49"), D("0.13"))]

    vat = general(output, D("102.48"), carried_in=D("50.00"), on=date(2026, 8, 31))

    assert vat.output == D("300.55")
    assert vat.payable == D("148.07")
    assert vat.carried_out == 0


def test_credit_left_over_is_carried_on() -> None:
    vat = general([Sales(D(100), D("0.06"))], D("20.00"), carried_in=D("5.00"), on=Q3)

    assert (vat.payable, vat.carried_out) == (D("0.00"), D("19.00"))


def test_input_transferred_out_lowers_the_credit() -> None:
    vat = general(
        [Sales(D(100), D("0.06"))], D("5.00"), carried_in=D("0.00"), on=Q3, transferred_out=D("2.00")
    )

    assert vat.payable == D("3.00")


def test_simplified_sales_are_taxed_without_credit() -> None:
    vat = general(
        [Sales(D(100), D("0.06")), Sales(D(1000), D("0.03"))], D("10.00"), carried_in=D("0.00"), on=Q3
    )

    assert (vat.payable, vat.carried_out) == (D("30.00"), D("4.00"))


@pytest.mark.parametrize(
    ("sales", "credit", "out", "says"),
    [
        (Sales(D(1), exempt=True), D(0), D(0), "divide"),
        (Sales(D(1), D("0.17")), D(0), D(0), "0.17"),
        (Sales(D(1), D("0.06")), D(-1), D(0), "negative"),
        (Sales(D(1), D("0.06")), D(1), D(2), "transferred out"),
        (Sales(D(-1), D("0.06")), D(0), D(0), "Red invoices"),
    ],
)
def test_other_cases_of_a_general_taxpayer_are_refused(sales: Sales, credit: D, out: D, says: str) -> None:
    with pytest.raises(Unsupported, match=says):
        general([sales], credit, carried_in=D(0), on=Q3, transferred_out=out)


def test_levies_are_halved_for_a_small_scale_taxpayer() -> None:
    lines = levies(D("4000.00"), SMALL, sales=D(400000), on=Q3, period="quarter")

    assert {key: line.payable for key, line in lines.items()} == {
        "city_maintenance": D("140.00"),
        "education": D("60.00"),
        "local_education": D("40.00"),
    }


def test_education_levies_are_waived_at_low_sales() -> None:
    lines = levies(D("500.00"), SMALL, sales=D(150000), on=Q3, period="quarter")

    assert [line.payable for line in lines.values()] == [D("17.50"), D(0), D(0)]


def test_a_large_general_taxpayer_pays_them_in_full_by_place() -> None:
    large = Taxpayer("大", "x", vat="general", small_low_profit=False, place="town")

    lines = levies(D("1000.01"), large, sales=D(200000), on=Q3, period="month")

    assert [line.payable for line in lines.values()] == [D("50.00"), D("30.00"), D("20.00")]


def test_levies_end_with_their_rules() -> None:
    with pytest.raises(NoRule, match=r"levy\.halved"):
        levies(D(1), SMALL, sales=D(400000), on=date(2028, 1, 31), period="month")
    with pytest.raises(Unsupported, match="refund"):
        levies(D(-1), SMALL, sales=D(0), on=Q3, period="month")


def test_every_rule_names_its_source_and_its_dates_do_not_overlap() -> None:
    assert rule("vat.small_scale.threshold.quarter", Q3).source == "财政部 税务总局公告2026年第10号 第一条"
    assert rule("vat.small_scale.threshold.quarter", date(2027, 12, 31)).ends == date(2027, 12, 31)
