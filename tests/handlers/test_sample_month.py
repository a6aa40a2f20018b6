"""August 2026 of two clients: from the received files to vouchers, taxes and statements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from handlers.bank.read import guess_profile, line_keys, read
from handlers.books.balances import Key, trial_balance
from handlers.books.chart import chart
from handlers.books.check import check, check_numbers
from handlers.books.closing import accrue_levies, close_profit_and_loss, exempt_small_scale_vat, transfer_vat
from handlers.books.cross_checks import check_balance, check_statements
from handlers.books.propose import AccountChoice, from_bank_line, from_invoice
from handlers.books.statements import balance_sheet, cash_flow_statement, income_statement
from handlers.books.vouchers import Voucher
from handlers.clients.taxpayer import Taxpayer
from handlers.invoices.check import check as check_invoice
from handlers.invoices.credit import input_credit
from handlers.invoices.direction import direction
from handlers.invoices.read import read as read_invoice
from handlers.invoices.values import Invoice
from handlers.tax.levies import levies
from handlers.tax.vat import Sales, general, small_scale

D = Decimal
SAMPLES = Path(__file__).parents[3] / "shared" / "samples"
STAR = Taxpayer("虚构星桥检测技术服务有限公司", "91980105MA9XQ00138", vat="general", small_low_profit=False)
LANE = Taxpayer("虚构里巷日用百货有限公司", "91980105MA9LX0029B")
LAST = date(2026, 8, 31)
OPENING: dict[Key, Decimal] = {("1002", ""): D("10000.00"), ("3001", ""): D("-10000.00")}
STATEMENT = """交易时间,凭证号,借方发生额,贷方发生额,余额,对方户名,对方账号,摘要,用途
2026-08-20,1,,"2,000.00","12,000.00",虚构北屿机械制造有限公司,9801,货款,
2026-08-21,2,85.00,,"11,915.00",虚构环岛高速公路有限公司,9802,通行费,
"""


def invoices(client: Taxpayer) -> dict[str, list[Invoice]]:
    """The client's invoices of the month by side."""
    if not SAMPLES.is_dir():
        pytest.skip("the shared samples are not here")
    found: dict[str, list[Invoice]] = {"sale": [], "purchase": [], "wrong_buyer": []}
    for file in sorted(SAMPLES.glob("einvoice_*.xml")):
        invoice = read_invoice(file.read_bytes())
        assert check_invoice(invoice) == []
        found[direction(invoice, code=client.credit_code, name=client.name).side].append(invoice)
    return found


def numbered(vouchers: list[Voucher]) -> list[Voucher]:
    return [replace(voucher, number=at) for at, voucher in enumerate(vouchers, start=1)]


def test_the_general_taxpayer_closes_its_month() -> None:
    mine = invoices(STAR)
    sale, cost = AccountChoice("5001", "1122", "检测服务"), AccountChoice("560299", "2202", "购进")
    vouchers = [from_invoice(each, STAR, [sale]) for each in mine["sale"]]
    vouchers += [from_invoice(each, STAR, [cost]) for each in mine["purchase"]]
    bank = read(STATEMENT.encode("gb18030"), guess_profile(STATEMENT.encode("gb18030")))
    settle = {"in": AccountChoice("1122", "1002", "收款"), "out": AccountChoice("2202", "1002", "付款")}
    keys = line_keys(bank, "1002")
    vouchers += [
        from_bank_line(line, key, settle[line.way]) for line, key in zip(bank.lines, keys, strict=True)
    ]

    credit = sum((input_credit(each).amount for each in mine["purchase"]), D("0.00"))
    output = [Sales(line.net, line.rate.value or D(0)) for each in mine["sale"] for line in each.lines]
    vat = general(output, credit, carried_in=D("0.00"), on=LAST)
    due = levies(vat.payable, STAR, sales=D("1869.26"), on=LAST, period="month")
    moved = transfer_vat(trial_balance(OPENING, vouchers), LAST)
    accrued = accrue_levies({key: line.payable for key, line in due.items()}, LAST)
    vouchers += [each for each in (moved, accrued) if each]
    closing = close_profit_and_loss(trial_balance(OPENING, vouchers), chart("general"), LAST)
    assert closing
    vouchers = numbered([*vouchers, closing])
    balance = trial_balance(OPENING, vouchers)
    sheet = balance_sheet(balance.carried(), OPENING)
    income = income_statement(vouchers, vouchers)
    flow = cash_flow_statement(vouchers, vouchers, opening=OPENING, opening_other=OPENING)

    assert (vat.output, vat.payable) == (D("130.74"), D("128.26"))
    assert moved is not None
    assert moved.debit == vat.payable
    assert [found for each in vouchers for found in check(each, chart("general"))] == []
    assert check_numbers(vouchers) == []
    assert check_balance(balance, chart("general")) == []
    assert check_statements(sheet, income, flow, appropriated=D("0.00")) == []
    assert income[1].first == D("1869.26")
    assert flow[1].first == D("2000.00")


def test_the_small_scale_taxpayer_owes_nothing_and_books_the_relief() -> None:
    mine = invoices(LANE)
    sale, cost = AccountChoice("5001", "1122", "零售"), AccountChoice("1405", "2202", "进货")
    vouchers = [from_invoice(each, LANE, [sale]) for each in mine["sale"]]
    vouchers += [from_invoice(each, LANE, [cost]) for each in mine["purchase"]]

    sales = [Sales(line.net, line.rate.value or D(0)) for each in mine["sale"] for line in each.lines]
    vat = small_scale(sales, on=date(2026, 9, 30))
    vouchers.append(exempt_small_scale_vat(vat.relieved, date(2026, 9, 30)))

    balance = trial_balance({}, vouchers)
    assert (vat.payable, vat.relieved) == (D("0.00"), D("6.00"))
    assert balance.closing("222101") == 0
    assert balance.closing("1405") == D("4150.00")
    assert [found for each in vouchers for found in check(each, chart("small_scale"))] == []
