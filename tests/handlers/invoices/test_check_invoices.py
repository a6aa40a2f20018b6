"""Checks of an e-invoice, its direction, its credit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from handlers.invoices.check import check, check_unbooked
from handlers.invoices.credit import input_credit
from handlers.invoices.direction import booking_key, direction
from handlers.invoices.rates import read_rate
from handlers.invoices.values import Invoice, InvoiceLine, Party, Toll
from handlers.money_words import in_capitals

SELLER = Party("虚构星桥检测技术服务有限公司", "91980105MA9XQ00138")
BUYER = Party("虚构北屿机械制造有限公司", "91980206MA9BY0033X")
LINE = InvoiceLine(
    item="检测费",
    tax_class="研发和技术服务",
    model="",
    unit="",
    quantity=Decimal(1),
    unit_price=Decimal(100),
    net=Decimal("100.00"),
    rate=read_rate("6%"),
    tax=Decimal("6.00"),
    gross=Decimal("106.00"),
)
INVOICE = Invoice(
    number="26982000000008001403",
    header_number="26982000000008001403",
    issued_on=date(2026, 8, 5),
    kind="special",
    is_red=False,
    marked_red=False,
    seller=SELLER,
    buyer=BUYER,
    net=Decimal("100.00"),
    tax=Decimal("6.00"),
    gross=Decimal("106.00"),
    capitals="壹佰零陆圆整",
    drawer="",
    remark="",
    lines=(LINE,),
    tolls=(),
    original_number="",
    red_form_number="",
    version="0.37",
    digest="0" * 64,
)


def codes(invoice: Invoice) -> list[str]:
    return [found.code for found in check(invoice)]


def test_an_invoice_that_ties_has_no_findings() -> None:
    assert codes(INVOICE) == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (replace(INVOICE, number="123", header_number="123"), "IV01"),
        (replace(INVOICE, header_number="26982000000008001404"), "IV02"),
        (replace(INVOICE, lines=(LINE, LINE)), "IV03"),
        (replace(INVOICE, tax=Decimal("6.01")), "IV04"),
        (replace(INVOICE, gross=Decimal("106.01"), capitals=""), "IV05"),
        (replace(INVOICE, lines=(replace(LINE, rate=read_rate("9%")),)), "IV06"),
        (replace(INVOICE, lines=(replace(LINE, gross=Decimal(107)),)), "IV07"),
        (replace(INVOICE, seller=Party("甲", "91980105MA9XQ00139")), "IV08"),
        (replace(INVOICE, buyer=Party("乙", "000000000000000000")), "IV09"),
        (replace(INVOICE, buyer=Party("丙", "")), "IV10"),
        (replace(INVOICE, issued_on=date(2025, 8, 5)), "IV11"),
        (replace(INVOICE, is_red=True, original_number="26982000000007018832"), "IV12"),
        (replace(INVOICE, is_red=True), "IV13"),
        (replace(INVOICE, capitals="壹佰圆整"), "IV14"),
        (replace(INVOICE, lines=(replace(LINE, rate=read_rate("***")),)), "IV15"),
        (replace(INVOICE, lines=(replace(LINE, rate=read_rate("免税")),)), "IV16"),
        (replace(INVOICE, kind="unknown"), "IV17"),
        (replace(INVOICE, remark="代收车船税360元"), "IV18"),
    ],
)
def test_each_thing_that_does_not_fit_is_found(wrong: Invoice, code: str) -> None:
    assert code in codes(wrong)


def test_a_finding_speaks_chinese_and_english() -> None:
    found = check(replace(INVOICE, tax=Decimal("6.01")))[0]

    assert found.message == "各行税额合计6.00与税额总计6.01不符"
    assert "6.01" in found.message_en


def test_a_tax_one_cent_off_per_line_is_how_issuers_round() -> None:
    line = replace(LINE, tax=Decimal("6.01"), gross=Decimal("106.01"))

    assert (
        codes(replace(INVOICE, lines=(line,), tax=Decimal("6.01"), gross=Decimal("106.01"), capitals=""))
        == []
    )


def test_capitals_may_say_yuan_either_way() -> None:
    assert codes(replace(INVOICE, capitals="壹佰零陆元整")) == []


@pytest.mark.parametrize(
    ("amount", "words"),
    [("1272", "壹仟贰佰柒拾贰圆整"), ("1000.01", "壹仟圆零壹分"), ("-3000", "（负数）叁仟圆整")],
)
def test_amounts_are_written_in_capitals(amount: str, words: str) -> None:
    assert in_capitals(Decimal(amount)) == words


def test_an_invoice_is_booked_once_per_book_set() -> None:
    assert [found.code for found in check_unbooked(INVOICE, [INVOICE.number])] == ["IV19"]
    assert check_unbooked(INVOICE, []) == []
    assert booking_key(INVOICE, code=SELLER.code) != booking_key(INVOICE, code=BUYER.code)


def test_the_clients_code_decides_between_sale_and_purchase() -> None:
    assert direction(INVOICE, code=SELLER.code, name=SELLER.name).side == "sale"
    assert direction(INVOICE, code=BUYER.code.lower(), name=BUYER.name).side == "purchase"


def test_a_stranger_as_buyer_is_the_wrong_buyer() -> None:
    assert (
        direction(INVOICE, code="91980105MA9LX0029B", name="虚构里巷日用百货有限公司").side == "wrong_buyer"
    )


def test_the_right_name_with_another_code_is_the_wrong_buyer() -> None:
    found = direction(INVOICE, code="91980105MA9LX0029B", name=BUYER.name)

    assert found.side == "wrong_buyer"
    assert BUYER.code in found.reason


def test_a_buyer_without_a_code_is_taken_by_name_but_not_for_certain() -> None:
    found = direction(replace(INVOICE, buyer=Party(BUYER.name, "")), code=BUYER.code, name=BUYER.name)

    assert (found.side, found.certain) == ("purchase", False)


def test_special_and_toll_invoices_give_credit_and_ordinary_ones_do_not() -> None:
    ordinary = replace(INVOICE, kind="ordinary")

    assert input_credit(INVOICE).amount == Decimal("6.00")
    assert input_credit(replace(ordinary, tolls=(Toll("", "", None, None),))).amount == Decimal("6.00")
    assert input_credit(ordinary).amount == 0
