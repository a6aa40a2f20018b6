"""A month's books: proposed, entered, accrued, checked, posted, closed, stated."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from engine.service_tasks import BusinessError
from store.tables import Invoice, Period, Voucher, VoucherLine
from tests.handlers.tasks.bench import MONTH, Bench
from tests.handlers.tasks.making import NORTH_SIDE, STAR_SIDE, invoice, number, statement

D = Decimal
OPENINGS = [
    {"account": "1002", "debit": "10000.00", "credit": None},
    {"account": "3001", "debit": 0, "credit": "10000.00"},
]


def open_books(bench: Bench, **more: Any) -> dict[str, Any]:
    given = {"accounting_standard": "small_enterprise", "books_start": MONTH, "opening_balances": OPENINGS}
    return bench.run("onboarding.open_books", {**given, **more})


def entry(summary: str, debit: str, credit: str, amount: str) -> dict[str, Any]:
    return {"on": date(2026, 8, 20), "summary": summary, "debit": debit, "credit": credit, "amount": amount}


def with_a_sale(bench: Bench) -> dict[str, Any]:
    """A sale of 1,000 at 6 %, paid into the bank."""
    open_books(bench)
    bench.file(invoice(number(1), STAR_SIDE, NORTH_SIDE, "1000.00"), "a.xml")
    bench.file(statement("2026-08-20,,1060.00,11060.00,虚构北屿机械制造有限公司,货款"), "流水.csv")
    bench.run("invoices.import")
    bench.run("bank.import")
    return bench.run("books.propose")


def closed(bench: Bench) -> None:
    bench.run("books.post", which="all")
    bench.run("books.accrue", {"step": "profit"})
    bench.run("books.post", which="closing")
    bench.run("books.close_month")


def lines_of(bench: Bench, summary: str) -> list[tuple[str, Decimal, Decimal]]:
    found = bench.rows(Voucher, Voucher.summary == summary, Voucher.state != "discarded")
    return [
        (line.account, line.debit, line.credit)
        for voucher in found
        for line in bench.rows(VoucherLine, VoucherLine.voucher_id == voucher.id)
    ]


def test_books_open_with_balances_that_agree(star: Bench) -> None:
    answer = open_books(star)

    assert answer["books_open"] is True
    assert (answer["opening_debit"], answer["opening_difference"]) == (D("10000.00"), D("0.00"))
    assert (star.rows(Voucher)[0].period, star.rows(Voucher)[0].kind) == ("2026-07", "opening")


@pytest.mark.parametrize(
    ("balances", "code"),
    [
        ([{"account": "1002", "debit": "1.00"}], "books.unbalanced"),
        (
            [{"account": "9999", "debit": "1.00"}, {"account": "3001", "credit": "1.00"}],
            "books.unknown_account",
        ),
        (
            [{"account": "1221", "debit": "1.00"}, {"account": "3001", "credit": "1.00"}],
            "books.unknown_account",
        ),
    ],
)
def test_wrong_openings_go_back_to_the_form(star: Bench, balances: list[dict[str, str]], code: str) -> None:
    with pytest.raises(BusinessError) as raised:
        open_books(star, opening_balances=balances)

    assert raised.value.code == code


def test_openings_can_be_corrected_until_a_month_is_closed(star: Bench) -> None:
    with_a_sale(star)
    open_books(star, opening_balances=[])
    open_books(star)
    closed(star)

    with pytest.raises(BusinessError) as raised:
        open_books(star)

    assert raised.value.code == "books.period_closed"
    assert len(star.rows(VoucherLine, VoucherLine.summary == "期初余额")) == 2


def test_vouchers_are_proposed_by_the_decision(star: Bench) -> None:
    answer = with_a_sale(star)

    assert answer["vouchers_proposed"] == 2
    assert [each["code"] for each in answer["proposal_exceptions"]] == ["UNSURE"]  # the receipt
    assert lines_of(star, "销售收入") == [
        ("1122", D("1060.00"), D("0.00")),
        ("5001", D("0.00"), D("1000.00")),
        ("22210107", D("0.00"), D("60.00")),
    ]
    assert lines_of(star, "收回货款") == [
        ("1002", D("1060.00"), D("0.00")),
        ("1122", D("0.00"), D("1060.00")),
    ]
    assert {"id", "on", "summary", "debit", "credit", "amount"} <= set(answer["voucher_rows"][0])


def test_proposing_again_changes_nothing(star: Bench) -> None:
    first = with_a_sale(star)

    assert star.run("books.propose") == first


def test_what_the_decision_is_not_sure_of_is_listed(star: Bench) -> None:
    star.file(invoice(number(3), NORTH_SIDE, STAR_SIDE, "100.00", item="*未知类*某物"), "a.xml")
    star.run("invoices.import")

    answer = star.run("books.propose")

    assert [each["code"] for each in answer["proposal_exceptions"]] == ["UNSURE"]
    assert answer["vouchers_proposed"] == 1


def test_entries_by_hand_are_added_once_and_proposals_discarded(star: Bench) -> None:
    proposed = with_a_sale(star)
    sale = next(row["id"] for row in proposed["voucher_rows"] if row["summary"] == "销售收入")
    given = {"manual_entries": [entry("付房租", "560207", "1002", "300.00")], "discarded_vouchers": [sale]}

    first = star.run("books.enter", given)
    again = star.run("books.enter", given)

    assert first == again
    assert [row["summary"] for row in first["voucher_rows"]].count("付房租") == 1
    assert [each["code"] for each in first["proposal_exceptions"]] == ["UNBOOKED"]
    assert star.rows(Invoice)[0].voucher_id is None


def test_two_equal_entries_are_two_vouchers(star: Bench) -> None:
    rent = entry("付房租", "560207", "1002", "300.00")

    assert star.run("books.enter", {"manual_entries": [rent, rent]})["vouchers_proposed"] == 2


def test_an_unknown_account_goes_back_to_the_form(star: Bench) -> None:
    with pytest.raises(BusinessError) as raised:
        star.run("books.enter", {"manual_entries": [entry("x", "1234", "1002", "1.00")]})

    assert raised.value.code == "books.unknown_account"


def test_posted_vouchers_are_numbered_without_gaps(star: Bench) -> None:
    with_a_sale(star)
    star.run("books.enter", {"manual_entries": [entry("付房租", "560207", "1002", "300.00")]})

    first = star.run("books.post", which="all")
    star.run("books.enter", {"manual_entries": [entry("付水电", "560207", "1002", "50.00")]})
    second = star.run("books.post", which="all")

    assert (first["vouchers_posted"], second["vouchers_posted"]) == (3, 1)
    posted = star.rows(Voucher, Voucher.state == "posted", Voucher.kind != "opening")
    assert sorted(row.number for row in posted) == [1, 2, 3, 4]
    assert all(row.prepared_by != row.reviewed_by for row in posted)


def test_a_posted_voucher_is_never_proposed_again_or_discarded(star: Bench) -> None:
    proposed = with_a_sale(star)
    star.run("books.post", which="all")
    before = {row.id: (row.number, row.summary) for row in star.rows(Voucher)}

    star.run("books.propose")
    star.run("books.enter", {"discarded_vouchers": [row["id"] for row in proposed["voucher_rows"]]})

    assert {row.id: (row.number, row.summary) for row in star.rows(Voucher)} == before


def test_preparer_and_reviewer_are_two_people(star: Bench) -> None:
    with_a_sale(star)

    with pytest.raises(BusinessError) as raised:
        star.run("books.post", {"prepared_by": "bao", "reviewed_by": "bao"}, which="all")

    assert raised.value.code == "books.same_person"


def test_an_unbalanced_voucher_is_not_posted(star: Bench) -> None:
    with_a_sale(star)
    voucher = star.rows(Voucher, Voucher.summary == "销售收入")[0]

    def spoil(uow: Any) -> None:
        uow.session.get_one(VoucherLine, (voucher.id, 2)).credit = D("999.00")

    star.change(spoil)

    with pytest.raises(BusinessError) as raised:
        star.run("books.post", which="all")

    assert raised.value.code == "books.unbalanced"


def test_a_closed_month_refuses_everything(star: Bench) -> None:
    with_a_sale(star)
    closed(star)

    for topic, given in (
        ("books.propose", {}),
        ("books.enter", {"manual_entries": [entry("x", "560207", "1002", "1.00")]}),
        ("books.post", {}),
        ("books.accrue", {"step": "profit"}),
    ):
        with pytest.raises(BusinessError) as raised:
            star.run(topic, given)
        assert raised.value.code == "books.period_closed"
    assert star.run("books.close_month") == {"period_state": "closed"}


def test_a_month_with_unposted_vouchers_is_not_closed(star: Bench) -> None:
    with_a_sale(star)

    with pytest.raises(BusinessError) as raised:
        star.run("books.close_month")

    assert raised.value.code == "books.not_ready"
    assert "尚未过账" in str(raised.value)
    assert star.rows(Period, Period.state == "closed") == []


def test_entries_are_checked_against_papers_and_bank(star: Bench) -> None:
    with_a_sale(star)
    good = star.run("books.checks", scope="entries")
    star.run("books.enter", {"manual_entries": [entry("付房租", "560207", "1002", "300.00")]})
    wrong = star.run("books.checks", scope="entries")

    assert (good["book_blocking"], good["bank_difference"]) == (False, D("0.00"))
    assert (wrong["book_blocking"], wrong["bank_difference"]) == (True, D("300.00"))
    assert "对账单余额" in wrong["book_findings_text"]
    assert good["month_end_applies"] == {
        "payroll": False,
        "depreciation": False,
        "cost": False,
        "vat": True,
        "cit": False,
        "exchange": False,
        "year_end": False,
    }


def test_unbooked_movements_explain_a_difference(star: Bench) -> None:
    open_books(star)
    star.file(statement("2026-08-20,,1060.00,11060.00,虚构北屿机械制造有限公司,货款"), "流水.csv")
    star.run("bank.import")

    found = star.run("books.checks", scope="entries")

    assert (found["book_blocking"], found["bank_difference"]) == (False, D("0.00"))
    assert [each["code"] for each in found["book_findings"]] == ["BC02"]


def test_closing_checks_numbers_and_balances(star: Bench) -> None:
    with_a_sale(star)
    before = star.run("books.checks", scope="close")
    star.run("books.post", which="all")
    unclosed = star.run("books.checks", scope="close")
    star.run("books.accrue", {"step": "profit"})
    star.run("books.post", which="closing")
    after = star.run("books.checks", scope="close")

    assert "BC05" in [each["code"] for each in before["book_findings"]]
    assert "ST05" in [each["code"] for each in unclosed["book_findings"]]
    assert (after["book_blocking"], after["book_findings"]) == (False, [])


def test_statements_tie(star: Bench) -> None:
    with_a_sale(star)
    closed(star)

    answer = star.run("statements.build")

    assert answer["statements"] == {
        "assets": D("11060.00"),
        "liabilities_equity": D("11060.00"),
        "net_profit": D("1000.00"),
        "net_profit_to_date": D("1000.00"),
        "cash_end": D("11060.00"),
    }
    assert (answer["statements_ok"], answer["statement_findings"]) == (True, [])


def test_statements_of_unclosed_profit_do_not_tie(star: Bench) -> None:
    with_a_sale(star)
    star.run("books.post", which="all")

    answer = star.run("statements.build")

    assert answer["statements_ok"] is False
    assert answer["statement_findings_text"]


def test_the_delivery_pack_holds_what_the_client_gets(star: Bench) -> None:
    with_a_sale(star)
    closed(star)
    codes = ["balance_sheet", "income_statement", "tax_summary", "month_summary", "ratios"]

    answer = star.run("delivery.pack", {"report_pack": codes, "notes": "本月开票正常。"})
    again = star.run("delivery.pack", {"report_pack": codes, "notes": "本月开票正常。"})

    assert answer == again
    assert [each["filename"].rpartition(".")[2] for each in answer["files"]] == ["xlsx", "pdf", "zip"]
    assert answer["pack_text"] == "资产负债表、利润表、纳税情况表、经营简报、财务指标"
    assert star.store.documents.get(answer["files"][1]["digest"]).startswith(b"%PDF")


def test_a_step_is_rewritten_while_it_is_not_posted(star: Bench) -> None:
    with_a_sale(star)
    first = star.run("books.accrue", {"step": "vat"})
    star.run("books.enter", {"manual_entries": [entry("补提销项", "560299", "22210107", "40.00")]})
    second = star.run("books.accrue", {"step": "vat"})

    assert first == {"accrued": {"step": "vat", "vouchers": 1, "amount": D("60.00")}}
    assert second["accrued"]["amount"] == D("100.00")
    assert len(star.rows(Voucher, Voucher.summary == "转出未交增值税")) == 1


def test_levies_follow_the_vat_of_the_month(star: Bench) -> None:
    with_a_sale(star)
    star.run("books.accrue", {"step": "vat"})
    answer = star.run("books.accrue", {"step": "surcharge"})

    # 60.00 VAT: 城建税 7 % halved 2.10; the education levies are waived at sales up to 100,000 a month
    assert answer["accrued"] == {"step": "surcharge", "vouchers": 1, "amount": D("2.10")}


@pytest.mark.parametrize(
    ("step", "profile"),
    [
        ("payroll", {}),
        ("cost", {"inventory": True}),
        ("exchange", {"foreign_currency": True}),
        ("depreciation", {"assets": [{"name": "车"}]}),
    ],
)
def test_a_step_without_its_figures_asks_for_them(star: Bench, step: str, profile: dict[str, Any]) -> None:
    star.profile(**profile)

    with pytest.raises(BusinessError) as raised:
        star.run("books.accrue", {"step": step})

    assert raised.value.code == "books.missing_input"


def test_income_tax_without_the_number_of_staff_asks_for_it(star: Bench) -> None:
    star.profile(staff_count=None)

    with pytest.raises(BusinessError) as raised:
        star.run("books.accrue", {"step": "cit"}, period="2026-09")

    assert raised.value.code == "books.missing_input"


def test_payroll_assets_stock_and_exchange_are_booked(star: Bench) -> None:
    open_books(
        star,
        opening_balances=[
            {"account": "1002", "debit": "10000.00"},
            {"account": "1405", "debit": "5000.00"},
            {"account": "3001", "credit": "15000.00"},
        ],
    )
    star.profile(
        assets=[{"name": "电脑", "cost": "6000", "months": 36, "used_from": "2026-07-10"}], inventory=True
    )
    star.file("姓名,应发工资,单位社保\n甲,6000,900\n乙,5000,800\n".encode(), "工资.csv")
    star.run("documents.open_requests")

    made = {
        step: star.run(
            "books.accrue", {"step": step, "closing_stock": "2000.00", "exchange_difference": "-12.00"}
        )
        for step in ("payroll", "depreciation", "cost", "exchange")
    }

    amounts = {step: answer["accrued"]["amount"] for step, answer in made.items()}
    assert amounts == {
        "payroll": D("12700.00"),
        "depreciation": D("158.33"),
        "cost": D("3000.00"),
        "exchange": D("12.00"),
    }


def test_cost_by_margin_when_the_firm_agreed_on_one(star: Bench) -> None:
    with_a_sale(star)
    star.profile(inventory=True, gross_margin="0.3")

    assert star.run("books.accrue", {"step": "cost"})["accrued"]["amount"] == D("700.00")


def test_what_was_accrued_by_hand_is_not_accrued_again(star: Bench) -> None:
    star.run("books.enter", {"manual_entries": [entry("计提工资", "560204", "221101", "6000.00")]})

    assert star.run("books.accrue", {"step": "payroll"})["accrued"]["vouchers"] == 0


def test_december_moves_the_profit_and_sets_the_reserve_aside(star: Bench) -> None:
    period = "2026-12"
    open_books(star, books_start=period)
    sale = {**entry("销售", "1122", "5001", "1000.00"), "on": date(2026, 12, 20)}
    star.run("books.enter", {"manual_entries": [sale]}, period=period)
    star.run("books.post", period=period, which="all")

    answer = star.run("books.accrue", {"step": "year_end"}, period=period)
    star.run("books.post", period=period, which="closing")
    found = star.run("books.checks", period=period, scope="close")

    assert answer["accrued"]["vouchers"] == 3
    assert lines_of(star, "提取法定盈余公积")[0] == ("310403", D("100.00"), D("0.00"))
    assert found["book_blocking"] is False
    statements = star.run("statements.build", period=period)
    assert (statements["statements_ok"], statements["statement_findings_text"]) == (True, "")


def test_a_correction_after_the_profit_was_closed_is_closed_too(star: Bench) -> None:
    with_a_sale(star)
    star.run("books.post", which="all")
    star.run("books.accrue", {"step": "profit"})
    star.run("books.post", which="closing")
    star.run("books.enter", {"manual_entries": [entry("补记房租", "560207", "2241" + "99", "300.00")]})
    star.run("books.post", which="all")
    again = star.run("books.accrue", {"step": "profit"})
    star.run("books.post", which="closing")
    star.run("books.close_month")

    assert again["accrued"]["amount"] == D("300.00")
    assert star.run("statements.build")["statements"]["net_profit"] == D("700.00")


def test_the_voucher_names_its_preparer(star: Bench) -> None:
    with_a_sale(star)

    assert all(isinstance(row.prepared_by, UUID) for row in star.rows(Voucher))


def test_a_paper_supplied_after_the_import_is_booked_with_the_rest(star: Bench) -> None:
    open_books(star)
    star.file(b"<EInvoice><unclosed>", "broken.xml", "invoice")
    star.file(invoice(number(2), STAR_SIDE, NORTH_SIDE, "-10.00", original=number(1)), "red.xml")
    had = star.run("invoices.import")
    star.file(invoice(number(1), STAR_SIDE, NORTH_SIDE, "1000.00"), "blue.xml", "upload")
    star.file(invoice(number(3), NORTH_SIDE, NORTH_SIDE, "5.00"), "other.xml", "upload")

    answer = star.run("books.propose", {"invoice_exceptions": had["invoice_exceptions"]})

    assert len(had["invoice_exceptions"]) == 2
    assert {row.number for row in star.rows(Invoice, Invoice.state == "booked")} == {number(1), number(2)}
    assert [each["code"] for each in answer["proposal_exceptions"]] == ["IV20"]
