"""Enterprise income tax, wages, stamp tax, late payment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from handlers.invoices.read import read as read_invoice
from handlers.tax.dated import NoRule, Unsupported
from handlers.tax.income_tax import QuarterEnds, average, prepayment
from handlers.tax.late import late_surcharge
from handlers.tax.stamp import stamp_tax, trade
from handlers.tax.wages import WagesToDate, withhold
from tests.handlers.tasks.making import NORTH_SIDE, STAR_SIDE, invoice, number

D = Decimal
SMALL = QuarterEnds((10, 12), (D(1_000_000), D(1_200_000)))
MARCH, JUNE = date(2026, 3, 31), date(2026, 6, 30)


def test_small_low_profit_pays_five_per_cent() -> None:
    tax = prepayment(D(1_000_000), [SMALL], on=MARCH)

    assert tax.is_small
    assert (tax.full_tax, tax.payable) == (D("250000.00"), D("50000.00"))


def test_one_cent_over_three_million_loses_the_relief_entirely() -> None:
    assert prepayment(D(3_000_000), [SMALL], on=MARCH).payable == D("150000.00")
    over = prepayment(D("3000000.01"), [SMALL], on=MARCH)
    assert over.payable == D("750000.00")
    assert over.reasons == ("应纳税所得额3000000.01超过3000000",)


def test_staff_and_assets_are_judged_on_the_average_of_the_year_to_date() -> None:
    crowded = QuarterEnds((300, 400), (D(0), D(0)))

    assert not prepayment(D(100), [crowded], on=MARCH).is_small
    assert prepayment(D(100), [crowded, QuarterEnds((200, 300), (D(0), D(0)))], on=JUNE).is_small
    rich = QuarterEnds((1, 1), (D(50_000_000), D(50_000_001)))
    assert not prepayment(D(100), [rich], on=MARCH).is_small


def test_earlier_losses_and_prepaid_tax_are_taken_off() -> None:
    tax = prepayment(D(200_000), [SMALL, SMALL], on=JUNE, losses=D(50_000), prepaid=D("2500.00"))

    assert tax.taxable == D("150000.00")
    assert tax.payable == D("5000.00")


def test_a_loss_owes_nothing_and_shows_what_was_overpaid() -> None:
    tax = prepayment(D(-100), [SMALL, SMALL], on=JUNE, losses=D(50_000), prepaid=D(10))

    assert (tax.taxable, tax.payable, tax.overpaid) == (D("-100.00"), D("0.00"), D("10.00"))


def test_a_restricted_trade_has_no_relief() -> None:
    assert prepayment(D(100), [SMALL], on=MARCH, restricted_trade=True).payable == D("25.00")


def test_every_quarter_so_far_must_be_given() -> None:
    with pytest.raises(Unsupported, match="every quarter"):
        prepayment(D(100), [SMALL], on=JUNE)


def test_the_relief_ends_with_2027() -> None:
    with pytest.raises(NoRule, match=r"cit\.small"):
        prepayment(D(100), [SMALL], on=date(2028, 3, 31))


def test_the_average_is_taken_over_quarters() -> None:
    assert average([(D(100), D(200)), (D(200), D(400))]) == D(225)


@pytest.mark.parametrize(
    ("months", "income", "insurance", "additional", "withheld", "now"),
    [
        # 国家税务总局's published example: 30,000 a month, 4,500 insurance, 2,000 additional; January to March.
        (1, "30000", "4500", "2000", "0", "555.00"),
        (2, "60000", "9000", "4000", "555.00", "625.00"),
        (3, "90000", "13500", "6000", "1180.00", "1850.00"),
    ],
)
def test_wages_are_withheld_cumulatively(
    months: int, income: str, insurance: str, additional: str, withheld: str, now: str
) -> None:
    wages = WagesToDate(D(income), months, D(insurance), D(additional), withheld=D(withheld))

    assert withhold(wages, on=date(2026, months, 28)).now == D(now)


def test_a_negative_month_withholds_nothing() -> None:
    assert withhold(WagesToDate(D(10_000), 2, withheld=D(150)), on=date(2026, 2, 28)).now == 0


def test_a_bracket_ends_at_its_upper_limit() -> None:
    assert withhold(WagesToDate(D(41_000), 1), on=date(2026, 1, 31)).rate == D("0.03")
    assert withhold(WagesToDate(D("41000.01"), 1), on=date(2026, 1, 31)).rate == D("0.10")
    assert withhold(WagesToDate(D(2_000_000), 1), on=date(2026, 1, 31)).rate == D("0.45")


def test_impossible_months_are_refused() -> None:
    with pytest.raises(Unsupported, match="between 1 and 2"):
        withhold(WagesToDate(D(1), 3), on=date(2026, 2, 28))


def test_stamp_tax_is_computed_by_item_and_halved() -> None:
    lines = stamp_tax({"买卖合同": D("100000.00"), "租赁合同": D("12345.00")}, on=JUNE, halved=True)

    assert [line.tax for line in lines] == [D("30.00"), D("12.35")]
    assert [line.payable for line in lines] == [D("15.00"), D("6.17")]


def test_stamp_tax_on_trade_counts_goods_between_firms_only() -> None:
    goods, service = "*仪器仪表*砝码", "*研发和技术服务*检测费"
    firm, person = NORTH_SIDE, ("虚构个人", "")
    sold = [
        read_invoice(invoice(number(1), STAR_SIDE, firm, "300.00", "0.13", item=goods)),
        read_invoice(invoice(number(2), STAR_SIDE, firm, "5000.00", item=service)),
        read_invoice(invoice(number(3), STAR_SIDE, person, "70.00", "0.13", item=goods)),
    ]
    bought = [read_invoice(invoice(number(4), firm, STAR_SIDE, "40.00", "0.13", item=goods))]

    assert trade(sold, bought) == D("340.00")


def test_an_item_outside_the_tax_table_is_refused() -> None:
    with pytest.raises(Unsupported, match="劳动合同"):
        stamp_tax({"劳动合同": D(1)}, on=JUNE, halved=False)
    with pytest.raises(NoRule, match="租赁合同"):
        stamp_tax({"租赁合同": D(1)}, on=date(2022, 6, 30), halved=False)


def test_late_payment_costs_half_a_per_mille_a_day() -> None:
    assert late_surcharge(D(10_000), due=date(2026, 7, 15), paid=date(2026, 7, 25)) == D("50.00")
    assert late_surcharge(D(10_000), due=date(2026, 7, 15), paid=date(2026, 7, 15)) == 0
