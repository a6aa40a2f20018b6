"""Vouchers proposed from invoices and bank movements."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from engine.errors import InvalidInput
from handlers.bank.values import BankLine
from handlers.books.propose import AccountChoice, from_bank_line, from_invoice, read_choice
from handlers.books.vouchers import Voucher
from handlers.clients.taxpayer import Taxpayer
from handlers.invoices.rates import read_rate
from handlers.invoices.values import Invoice, InvoiceLine, Party

D = Decimal
STAR = Taxpayer("虚构星桥检测技术服务有限公司", "91980105MA9XQ00138", vat="general")
LANE = Taxpayer("虚构里巷日用百货有限公司", "91980105MA9LX0029B")
SALE = AccountChoice("5001", "1122", "销售检测服务")
COST = AccountChoice("560205", "2202", "购办公用品")


def line(net: str, tax: str, rate: str = "6%") -> InvoiceLine:
    return InvoiceLine("x", "", "", "", None, None, D(net), read_rate(rate), D(tax), D(net) + D(tax))


def invoice(seller: Taxpayer, buyer: Taxpayer, *lines: InvoiceLine, special: bool = True) -> Invoice:
    net, tax = sum((one.net for one in lines), D("0.00")), sum((one.tax for one in lines), D("0.00"))
    return Invoice(
        number="26982000000008001403",
        header_number="",
        issued_on=date(2026, 8, 5),
        kind="special" if special else "ordinary",
        is_red=net < 0,
        marked_red=None,
        seller=Party(seller.name, seller.credit_code),
        buyer=Party(buyer.name, buyer.credit_code),
        net=net,
        tax=tax,
        gross=net + tax,
        capitals="",
        drawer="",
        remark="",
        lines=lines,
        tolls=(),
        original_number="",
        red_form_number="",
        version="",
        digest="",
    )


def shown(voucher: Voucher) -> list[tuple[str, str, str]]:
    return [(each.account, str(each.debit), str(each.credit)) for each in voucher.lines]


def test_a_sale_of_a_general_taxpayer_shows_output_tax() -> None:
    voucher = from_invoice(invoice(STAR, LANE, line("100.00", "6.00")), STAR, [SALE])

    assert shown(voucher) == [
        ("1122", "106.00", "0.00"),
        ("5001", "0.00", "100.00"),
        ("22210107", "0.00", "6.00"),
    ]
    assert voucher.lines[0].counterparty == LANE.name
    assert voucher.sources == ("26982000000008001403",)


def test_the_same_invoice_is_income_here_and_gross_cost_there() -> None:
    paper = invoice(LANE, STAR, line("600.00", "6.00", "1%"), special=False)

    assert shown(from_invoice(paper, LANE, [SALE]))[2] == ("222101", "0.00", "6.00")
    assert shown(from_invoice(paper, STAR, [COST])) == [
        ("560205", "606.00", "0.00"),
        ("2202", "0.00", "606.00"),
    ]


def test_a_special_invoice_gives_a_general_taxpayer_input_tax() -> None:
    paper = invoice(LANE, STAR, line("100.00", "13.00", "13%"))

    assert ("22210101", "13.00", "0.00") in shown(from_invoice(paper, STAR, [COST]))


def test_tax_that_may_not_be_credited_stays_in_the_cost() -> None:
    paper = invoice(LANE, STAR, line("100.00", "6.00"))

    voucher = from_invoice(paper, STAR, [replace(COST, creditable=False)])

    assert shown(voucher) == [("560205", "106.00", "0.00"), ("2202", "0.00", "106.00")]


def test_a_small_scale_buyer_never_credits() -> None:
    paper = invoice(STAR, LANE, line("100.00", "6.00"))

    assert shown(from_invoice(paper, LANE, [COST]))[0] == ("560205", "106.00", "0.00")


def test_each_line_may_go_to_its_own_account() -> None:
    paper = invoice(LANE, STAR, line("100.00", "6.00"), line("50.00", "3.00"))
    meals = AccountChoice("560202", "2202", "业务招待", creditable=False)

    voucher = from_invoice(paper, STAR, [COST, meals])

    assert shown(voucher) == [
        ("560205", "100.00", "0.00"),
        ("560202", "53.00", "0.00"),
        ("22210101", "6.00", "0.00"),
        ("2202", "0.00", "159.00"),
    ]


def test_a_red_invoice_gives_red_figures_on_the_same_sides() -> None:
    voucher = from_invoice(invoice(STAR, LANE, line("-2830.19", "-169.81")), STAR, [SALE])

    assert shown(voucher)[0] == ("1122", "-3000.00", "0.00")
    assert voucher.debit == voucher.credit == D("-3000.00")


def test_an_invoice_of_somebody_else_is_not_booked() -> None:
    other = replace(STAR, credit_code="91980206MA9BY0033X", name="虚构北屿机械制造有限公司")

    with pytest.raises(InvalidInput, match="not the client's"):
        from_invoice(invoice(STAR, LANE, line("1.00", "0.06")), other, [COST])


def test_a_wrong_number_of_choices_is_refused() -> None:
    with pytest.raises(InvalidInput, match="1 lines and 2 choices"):
        from_invoice(invoice(STAR, LANE, line("1.00", "0.06")), STAR, [SALE, SALE])


def movement(way: str) -> BankLine:
    return BankLine(
        row=6,
        on=date(2026, 8, 3),
        at=None,
        way=way,  # type: ignore[arg-type]
        amount=D("5000.00"),
        balance=None,
        counterparty="北屿",
        counterparty_account="",
        summary="货款",
        reference="",
        status="",
        channel="",
        currency="",
    )


def test_money_in_debits_the_bank_and_money_out_credits_it() -> None:
    choice = AccountChoice("1122", "1002", "收货款")

    assert shown(from_bank_line(movement("in"), "k", choice)) == [
        ("1002", "5000.00", "0.00"),
        ("1122", "0.00", "5000.00"),
    ]
    assert shown(from_bank_line(movement("out"), "k", choice)) == [
        ("1122", "5000.00", "0.00"),
        ("1002", "0.00", "5000.00"),
    ]


def test_a_neutral_movement_needs_a_decision_about_its_way() -> None:
    choice = AccountChoice("1012", "1002", "提现")

    with pytest.raises(InvalidInput, match="neither in nor out"):
        from_bank_line(movement("neutral"), "k", choice)
    assert from_bank_line(movement("neutral"), "k", replace(choice, way="in")).lines[0].debit == D("5000.00")


def test_a_decision_result_is_read_and_what_it_lacks_is_named() -> None:
    assert read_choice({"account": "5001", "counter_account": "1122", "summary": "销售"}) == replace(
        SALE, summary="销售"
    )
    with pytest.raises(InvalidInput, match="counter_account, summary"):
        read_choice({"account": "5001", "counter_account": None})
