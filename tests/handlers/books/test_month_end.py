"""Payroll sheets, depreciation, cost of sales, reserve."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.errors import InvalidInput
from handlers.books.assets import depreciate, depreciation, read_assets
from handlers.books.month_end import cost_by_count, cost_by_margin, exchange_difference, statutory_reserve
from handlers.books.payroll import accrue_payroll, is_payroll, read_payroll
from handlers.periods import Period

D = Decimal
END = date(2026, 8, 31)
SHEET = '2026年8月工资表\n姓名,应发工资,个人社保,单位社保\n甲,"6,000.00",600,900\n,,,\n乙,5000,500,800\n合计,11000,1100,1700\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_payroll_sheet_is_read_in_any_common_encoding(encoding: str) -> None:
    rows = read_payroll(SHEET.encode(encoding))

    assert [(row.name, row.gross, row.firm_insurance) for row in rows] == [
        ("甲", D("6000.00"), D("900.00")),
        ("乙", D("5000.00"), D("800.00")),
    ]


def test_every_wrong_row_of_a_sheet_is_named() -> None:
    with pytest.raises(InvalidInput, match=r"row 2: .*row 3: "):
        read_payroll("姓名,应发工资\n甲,x\n,5\n".encode())


def test_a_bank_statement_is_no_payroll() -> None:
    assert not is_payroll("交易日期,金额\n2026-08-01,5\n".encode())
    assert not is_payroll(b"\x89PNG\0")


def test_pay_and_the_employers_share_are_cost() -> None:
    voucher = accrue_payroll(read_payroll(SHEET.encode()), END)

    assert voucher.debit == voucher.credit == D("12700.00")
    assert [(line.account, line.credit) for line in voucher.lines[1:]] == [
        ("221101", D("11000.00")),
        ("221104", D("1700.00")),
    ]


def test_depreciation_runs_from_the_next_month_and_adds_up_to_the_cent() -> None:
    asset = read_assets([{"name": "车", "cost": "10000", "months": 36, "used_from": "2026-07-10"}])[0]
    months, month = [], Period(2026, 7)
    for _ in range(40):
        months.append(depreciation(asset, month))
        month = month.following

    assert (months[0], months[1], months[36], months[37]) == (D("0.00"), D("263.89"), D("263.85"), D("0.00"))
    assert sum(months) == D("9500.00")


def test_depreciation_goes_to_each_assets_expense() -> None:
    cards = [
        {
            "name": "车",
            "cost": "3600",
            "months": 36,
            "used_from": "2026-01-10",
            "residual": "0",
            "expense": "560199",
        },
        {"name": "柜", "cost": "1200", "months": 12, "used_from": "2026-01-10", "residual": "0"},
    ]
    voucher = depreciate(read_assets(cards), Period(2026, 8))

    assert voucher is not None
    assert [(line.account, line.debit or line.credit) for line in voucher.lines] == [
        ("560199", D("100.00")),
        ("560208", D("100.00")),
        ("1602", D("200.00")),
    ]


@pytest.mark.parametrize(
    "card", [{"name": "车"}, {"name": "车", "cost": 1, "months": 0, "used_from": "2026-01-01"}]
)
def test_a_card_that_lacks_something_is_refused(card: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        read_assets([card])


def test_cost_is_what_the_count_does_not_find() -> None:
    voucher = cost_by_count(D("5000.00"), D("1999.99"), END)

    assert voucher is not None
    assert voucher.debit == D("3000.01")
    with pytest.raises(InvalidInput):
        cost_by_count(D("5000.00"), D("5000.01"), END)


def test_cost_by_margin_takes_a_share() -> None:
    voucher = cost_by_margin(D("100.00"), D("0.333"), END)

    assert voucher is not None
    assert voucher.debit == D("66.70")
    assert cost_by_margin(D("0.00"), D("0.3"), END) is None
    with pytest.raises(InvalidInput):
        cost_by_margin(D("100.00"), D(30), END)


def test_gains_and_losses_of_exchange_go_to_their_sides() -> None:
    gain, loss = exchange_difference(D("5.00"), END), exchange_difference(D("-5.00"), END)

    assert gain is not None
    assert loss is not None
    assert [line.account for line in gain.lines] == ["1002", "560303"]
    assert [line.account for line in loss.lines] == ["560303", "1002"]
    assert exchange_difference(D("0.00"), END) is None


def test_the_reserve_comes_after_old_losses() -> None:
    voucher = statutory_reserve(D("1000.00"), END, rate=D("0.10"), losses=D("400.00"))

    assert voucher is not None
    assert voucher.lines[1].credit == D("60.00")
    assert statutory_reserve(D("300.00"), END, rate=D("0.10"), losses=D("400.00")) is None
