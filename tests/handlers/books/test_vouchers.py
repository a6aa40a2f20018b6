"""The chart of accounts, the checks of vouchers, corrections."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from engine.errors import InvalidInput
from handlers.books.chart import Account, UnknownAccount, chart
from handlers.books.check import check, check_numbers, check_signatures, check_sources
from handlers.books.closing import blue_correction, red_reversal
from handlers.books.vouchers import Signatures, Voucher, VoucherLine

D = Decimal
GENERAL = chart("general")
LINES = (
    VoucherLine("1122", "销售检测服务", debit=D("106.00"), counterparty="北屿"),
    VoucherLine("5001", "销售检测服务", credit=D("100.00")),
    VoucherLine("22210107", "销售检测服务", credit=D("6.00")),
)
VOUCHER = Voucher(date(2026, 8, 5), LINES, number=8, attachments=1)
NAMES = Signatures("甲", "乙", "丙", "丁", "戊")


def codes(voucher: Voucher) -> list[str]:
    return [found.code for found in check(voucher, GENERAL)]


def numbered(*numbers: int, word: str = "记") -> list[Voucher]:
    return [replace(VOUCHER, number=number, word=word) for number in numbers]


def test_the_chart_has_the_66_accounts_of_the_standard() -> None:
    assert sum(len(code) == 4 for code in GENERAL.accounts) == 66


def test_vat_details_follow_the_kind_of_taxpayer() -> None:
    assert GENERAL.full_name("22210107") == "应交税费—应交增值税—销项税额"
    assert not GENERAL.is_postable("222101")
    assert chart("small_scale").is_postable("222101")
    assert "22210107" not in chart("small_scale")


def test_every_sub_account_sits_below_one_that_is_there() -> None:
    assert [a.code for a in GENERAL.accounts.values() if a.parent and a.parent not in GENERAL] == []


def test_a_client_may_add_accounts_below_those_of_the_chart() -> None:
    longer = GENERAL.extended([Account("100201", "虚构银行基本户", "资产", "借", "client")])

    assert longer.is_postable("100201")
    assert not longer.is_postable("1002")
    with pytest.raises(InvalidInput, match="9901"):
        GENERAL.extended([Account("990101", "无", "资产", "借", "client")])


def test_an_unknown_account_is_named() -> None:
    with pytest.raises(UnknownAccount, match="9999"):
        GENERAL["9999"]


def test_a_right_voucher_has_no_findings() -> None:
    assert codes(VOUCHER) == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (replace(VOUCHER, lines=(*LINES[:2], replace(LINES[2], credit=D("5.99")))), "VR02"),
        (replace(VOUCHER, lines=()), "VR02Z"),
        (replace(VOUCHER, lines=()), "VR01"),
        (replace(VOUCHER, lines=(replace(LINES[0], summary=" "), *LINES[1:])), "VR01"),
        (replace(VOUCHER, attachments=0), "VR05"),
        (replace(VOUCHER, kind="red"), "VR06"),
        (replace(VOUCHER, kind="red", corrects="2025年12月3日记-3号"), "VR07"),
        (replace(VOUCHER, lines=(replace(LINES[0], account="1199"), *LINES[1:])), "VA01"),
        (replace(VOUCHER, lines=(replace(LINES[2], account="222101"), *LINES[:2])), "VA02"),
        (replace(VOUCHER, lines=(replace(LINES[0], credit=D(1)), *LINES[1:])), "VA03"),
        (replace(VOUCHER, lines=(replace(LINES[0], debit=D("106.001")), *LINES[1:])), "VA04"),
        (
            replace(
                VOUCHER, lines=tuple(replace(one, debit=-one.debit, credit=-one.credit) for one in LINES)
            ),
            "VR06N",
        ),
    ],
)
def test_each_broken_rule_is_found(wrong: Voucher, code: str) -> None:
    assert code in codes(wrong)


def test_closing_vouchers_need_no_attachments() -> None:
    assert codes(replace(VOUCHER, attachments=0, kind="transfer")) == []


def test_red_figures_of_a_red_invoice_are_in_order() -> None:
    lines = tuple(replace(one, debit=-one.debit, credit=-one.credit) for one in LINES)

    assert codes(replace(VOUCHER, lines=lines, sources=("26982000000008030056",))) == []


def test_a_closed_period_refuses_postings() -> None:
    found = check(VOUCHER, GENERAL, closed_until=date(2026, 8, 31))

    assert [each.code for each in found] == ["VA05"]


def test_all_names_are_needed_and_the_cashier_only_for_money() -> None:
    assert check_signatures(replace(VOUCHER, signed_by=replace(NAMES, cashier=""))) == []
    money = replace(
        VOUCHER, lines=(VoucherLine("1002", "x", debit=D(1)), VoucherLine("5001", "x", credit=D(1)))
    )
    found = check_signatures(replace(money, signed_by=replace(NAMES, cashier="")))
    assert [each.message for each in found] == ["凭证缺少出纳"]


def test_the_preparer_and_the_cashier_may_not_review() -> None:
    found = check_signatures(replace(VOUCHER, signed_by=Signatures("甲", "甲", "丙", "丁", "甲")))

    assert [each.code for each in found] == ["VR08", "VR08C"]


def test_gaps_and_repeats_are_found_by_word() -> None:
    found = check_numbers([*numbered(1, 2, 4, 4), *numbered(2, word="收")])

    assert [each.message for each in found] == ["收字第1号断号", "记字第3号断号", "记字第4号重号"]
    assert check_numbers(numbered(1, 2, 3)) == []


def test_fractions_of_one_number_must_be_complete() -> None:
    parts = [replace(VOUCHER, number=1, fraction=(part, 3)) for part in (1, 3)]

    assert [each.message for each in check_numbers(parts)] == ["记字第1号分号不全：1/3、3/3"]
    assert check_numbers([*parts, replace(VOUCHER, number=1, fraction=(2, 3))]) == []


def test_a_document_is_booked_once_unless_the_voucher_corrects() -> None:
    booked = replace(VOUCHER, sources=("26982000000008001403",))

    assert [each.code for each in check_sources(booked, {"26982000000008001403"})] == ["VR11"]
    assert check_sources(booked, set()) == []
    assert check_sources(red_reversal(booked, date(2026, 8, 20)), {"26982000000008001403"}) == []


def test_a_red_voucher_cancels_and_a_blue_one_corrects() -> None:
    red = red_reversal(VOUCHER, date(2026, 9, 1))
    blue = blue_correction(VOUCHER, LINES, date(2026, 9, 1))

    assert red.lines[0].debit == D("-106.00")
    assert red.lines[0].summary == "注销2026年8月5日记-8号凭证"
    assert blue.lines[0].summary == "订正2026年8月5日记-8号凭证 销售检测服务"
    assert codes(red) == []


def test_only_posted_vouchers_of_the_same_year_are_reversed_in_red() -> None:
    with pytest.raises(InvalidInput, match="blue voucher"):
        red_reversal(VOUCHER, date(2027, 1, 5))
    with pytest.raises(InvalidInput, match="not posted"):
        red_reversal(replace(VOUCHER, number=None), date(2026, 9, 1))
