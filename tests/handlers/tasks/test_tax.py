"""Obligations, returns, filings, payments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.service_tasks import BusinessError
from store.clock import TestClock
from store.tables import Obligation, Period, TaxReturn, WorkPlan
from tests.handlers.tasks.bench import Bench
from tests.handlers.tasks.making import LANE_SIDE, NORTH_SIDE, STAR_SIDE, invoice, number
from tests.handlers.tasks.test_books import closed, open_books, with_a_sale

D = Decimal


def duty(code: str, period: str, due: date = date(2026, 9, 15)) -> dict[str, Any]:
    return {"obligation": {"code": code, "period": period, "due_on": due}}


def quarter(bench: Bench, net: str, *, special: bool = False) -> None:
    """Three closed months of which the last has a sale at 1 %."""
    for at, month in enumerate(("2026-07", "2026-08", "2026-09"), start=1):
        if at == 3:
            body = invoice(number(at), LANE_SIDE, NORTH_SIDE, net, "0.01", on="2026-09-10", special=special)
            bench.file(body, "a.xml", period=month)
            bench.run("invoices.import", period=month)
        bench.run("books.propose", period=month)
        for step in ("vat", "surcharge", "cit") if at == 3 else ():
            bench.run("books.accrue", {"step": step}, period=month)
        bench.run("books.post", period=month, which="all")
        bench.run("books.accrue", {"step": "profit"}, period=month)
        bench.run("books.post", period=month, which="closing")
        bench.run("books.close_month", period=month)


def test_a_general_taxpayers_month_brings_its_returns(star: Bench) -> None:
    answer = star.run("obligations.derive")

    assert [each["code"] for each in answer["obligations"]] == ["VAT_M", "IIT_W"]
    assert answer["first_due_on"] == answer["last_due_on"] == date(2026, 9, 15)
    assert answer == star.run("obligations.derive")
    assert len(star.rows(Obligation)) == 2


def test_quarterly_returns_come_with_the_quarters_last_month(lane: Bench) -> None:
    august = lane.run("obligations.derive")["obligations"]
    september = lane.run("obligations.derive", period="2026-09")["obligations"]

    assert [each["code"] for each in august] == ["IIT_W"]
    assert {"VAT_Q", "CIT_Q", "FS_Q", "STAMP_Q"} <= {each["code"] for each in september}
    assert {each["period"] for each in september if each["code"] == "VAT_Q"} == {"2026Q3"}
    assert {each["due_on"] for each in september} == {date(2026, 10, 26)}


def test_only_the_chosen_obligations_are_derived(lane: Bench) -> None:
    lane.run("plans.create", {"plan_year": 2026, "chosen_obligations": ["VAT_Q"]})

    assert lane.run("obligations.derive")["obligations"] == []
    assert lane.run("obligations.derive")["first_due_on"] is None


def test_a_local_window_has_the_day_the_profile_names(lane: Bench) -> None:
    lane.profile(local_due_days={"SOCIAL": 25}, payroll=[])

    found = {each["code"]: each["due_on"] for each in lane.run("obligations.derive")["obligations"]}

    assert found["SOCIAL"] == date(2026, 9, 25)


def test_due_dates_without_a_holiday_schedule_are_provisional(star: Bench) -> None:
    answer = star.run("obligations.derive", period="2026-12")

    monthly = next(each for each in answer["obligations"] if each["code"] == "VAT_M")
    assert (monthly["due_on"], monthly["provisional"]) == (date(2027, 1, 20), True)
    assert "暂定" in monthly["label"]


def test_deadlines_far_beyond_the_calendar_are_entered_by_hand(star: Bench) -> None:
    with pytest.raises(BusinessError) as raised:
        star.run("obligations.derive", period="2028-03")

    assert raised.value.code == "obligations.no_calendar"


def test_obligations_are_proposed_by_what_the_client_is(lane: Bench) -> None:
    answer = lane.run("obligations.propose", {"vat_cycle": "month"})

    assert {"VAT_SM", "CIT_Q", "SAMR_Y"} <= set(answer["chosen_obligations"])
    assert "VAT_Q" not in answer["chosen_obligations"]
    assert {"label", "value", "cycle", "due_rule"} == set(answer["obligation_choices"][0])


def test_a_plan_that_stays_the_same_makes_no_new_version(lane: Bench) -> None:
    given = {"plan_year": 2026, "chosen_obligations": ["VAT_Q", "IIT_W"]}
    first = lane.run("plans.create", given)
    lane.run("plans.create", given)
    changed = lane.run("plans.create", {**given, "chosen_obligations": ["VAT_Q"]})

    assert first["work_plan"]["version"] == 1
    assert changed["work_plan"]["version"] == 2
    assert [item["month"] for item in changed["work_plan"]["items"]] == [1, 4, 7, 10]
    assert "增值税" in changed["work_plan_text"]
    assert len(lane.rows(WorkPlan)) == 2


def test_months_of_the_term_open_when_they_have_ended(star: Bench, clock: TestClock) -> None:
    terms = {
        "scope_items": ["bookkeeping"],
        "starts_on": date(2026, 6, 1),
        "term_months": 3,
        "monthly_fee": 500,
    }
    contract = star.run("contracts.draft", terms)["contract"]
    ticked = [each["value"] for each in contract["clauses"]]
    frozen = star.run("contracts.freeze", {"contract": contract, "confirmed_clauses": ticked})
    hands = {
        "client_signatory": "x",
        "client_signed_on": date(2026, 5, 1),
        "firm_signatory": "y",
        "firm_signed_on": date(2026, 5, 1),
    }
    star.run("contracts.sign", {"contract": contract, **frozen, **hands})

    first = star.run("periods.open", period=None, kind="month")
    again = star.run("periods.open", period=None, kind="month")
    clock.set(clock.now().replace(month=12))
    later = star.run("periods.open", period=None, kind="month")

    assert first == {"due_periods": ["2026-06", "2026-07", "2026-08"]}
    assert again == later == {"due_periods": []}
    assert {row.code for row in star.rows(Period)} == {"2026-06", "2026-07", "2026-08"}


def test_a_suspended_client_opens_no_month(star: Bench) -> None:
    star.run("clients.set_status", {}, status="suspended")

    assert star.run("periods.open", period=None, kind="month") == {"due_periods": []}


def test_the_vat_of_a_general_taxpayer_comes_from_the_books(star: Bench) -> None:
    with_a_sale(star)
    for step in ("vat", "surcharge"):
        star.run("books.accrue", {"step": step})
    closed(star)

    answer = star.run("tax.compute", duty("VAT_M", "2026-08"))

    assert answer["tax_amount"] == D("62.10")  # 60.00 VAT, 2.10 city maintenance
    assert "应纳增值税：60.00" in answer["tax_lines_text"]
    assert answer["tax_return"]["due_on"] == date(2026, 9, 15)
    assert star.run("tax.compute", duty("VAT_M", "2026-08")) == answer


def test_open_books_are_no_ground_for_a_return(star: Bench) -> None:
    with_a_sale(star)

    with pytest.raises(BusinessError) as raised:
        star.run("tax.compute", duty("VAT_M", "2026-08"))

    assert raised.value.code == "tax.missing_input"


@pytest.mark.parametrize(
    ("net", "special", "owed"),
    [
        ("299999.99", False, "0.00"),  # below the threshold: exempt
        (
            "300000.00",
            False,
            "3105.00",
        ),  # reaches it: taxed in full, city maintenance 105.00; education waived
        ("100000.00", True, "1035.00"),  # special invoices are taxed all the same
        ("400000.00", False, "4240.00"),  # levies 140 + 60 + 40
    ],
)
def test_the_small_scale_quarter(lane: Bench, net: str, *, special: bool, owed: str) -> None:
    quarter(lane, net, special=special)

    answer = lane.run("tax.compute", duty("VAT_Q", "2026Q3", date(2026, 10, 26)))

    assert answer["tax_amount"] == D(owed)


def test_the_quarters_income_tax_is_that_of_a_small_company(lane: Bench) -> None:
    quarter(lane, "200000.00")

    answer = lane.run("tax.compute", duty("CIT_Q", "2026Q3", date(2026, 10, 26)))

    # revenue 200,000 and 2,000 of exempt VAT, at 5 % in effect
    assert answer["tax_amount"] == D("10100.00")
    assert lane.run("tax.risk_check", duty("CIT_Q", "2026Q3", date(2026, 10, 26)))["tax_severity"] == "none"


def test_wages_are_withheld_cumulatively_from_the_payroll_sheets(star: Bench) -> None:
    for month in ("2026-07", "2026-08"):
        body = "姓名,应发工资,个人社保,专项附加扣除\n甲,20000,2000,1000\n乙,4000,0,0\n".encode()
        star.file(body, "工资.csv", "payroll", period=month)
    star.run("books.accrue", {"step": "payroll"})
    open_books(star)
    closed(star)

    answer = star.run("tax.compute", duty("IIT_W", "2026-08"))

    # two months of employment: 24,000 at 3 % is 720.00, of which 360.00 was withheld in July
    assert answer["tax_amount"] == D("360.00")
    assert [line["label"] for line in answer["tax_return"]["lines"]] == ["甲", "乙"]


def test_wages_in_the_books_without_a_sheet_ask_for_it(star: Bench) -> None:
    given = {
        "on": date(2026, 8, 31),
        "summary": "计提工资",
        "debit": "560204",
        "credit": "221101",
        "amount": "1.00",
    }
    star.run("books.enter", {"manual_entries": [given]})
    closed(star)

    with pytest.raises(BusinessError) as raised:
        star.run("tax.compute", duty("IIT_W", "2026-08"))

    assert raised.value.code == "tax.missing_input"


def test_after_the_last_rule_there_is_none(lane: Bench) -> None:
    for month in ("2028-01", "2028-02", "2028-03"):
        lane.run("books.close_month", period=month)

    with pytest.raises(BusinessError) as raised:
        lane.run("tax.compute", duty("VAT_Q", "2028Q1", date(2028, 4, 17)))

    assert raised.value.code == "tax.no_rule"
    assert "vat.small_scale" in str(raised.value)


def test_what_a_person_computes_is_entered_by_hand(star: Bench) -> None:
    with pytest.raises(BusinessError) as raised:
        star.run("tax.compute", duty("CIT_Y", "2026", date(2027, 5, 31)))
    by_hand = {**duty("CIT_Y", "2026", date(2027, 5, 31)), "manual_amount": "123.45", "manual_basis": "底稿"}
    answer = star.run("tax.compute", {**by_hand, "adjustment": "-3.45", "adjustment_note": "减免"})

    assert raised.value.code == "tax.no_rule"
    assert answer["tax_amount"] == D("120.00")
    assert [line["label"] for line in answer["tax_return"]["lines"]] == ["人工计算", "调整"]


def test_reports_are_returns_without_tax(star: Bench) -> None:
    assert star.run("tax.compute", duty("FS_Q", "2026Q3"))["tax_amount"] == D("0.00")


def a_return(bench: Bench, amount: str = "100.00") -> dict[str, Any]:
    given = {**duty("CIT_Y", "2026"), "manual_amount": amount}
    return {"tax_return": bench.run("tax.compute", given)["tax_return"]}


def test_a_return_is_confirmed_filed_and_paid(star: Bench) -> None:
    one = a_return(star)
    confirmed = star.run(
        "tax.record_confirmation", {**one, "confirmed_by": "白桥", "confirm_channel": "phone"}
    )
    filed = star.run(
        "tax.record_filing", {**one, "receipt_number": "R1", "filed_on": date(2026, 9, 10)}, outcome="filed"
    )
    still_open = star.rows(Obligation)[0].state
    paid = star.run("tax.record_payment", {**one, "paid_on": date(2026, 9, 12), "paid_amount": "100.00"})

    assert (confirmed["return_state"], filed["return_state"], still_open) == ("confirmed", "filed", "open")
    assert paid == {"return_state": "paid", "late_days": 0, "late_fee": D("0.00")}
    assert star.rows(Obligation)[0].state == "done"


def test_a_nil_return_is_done_when_it_is_filed(star: Bench) -> None:
    one = a_return(star, "0")
    star.run(
        "tax.record_filing", {**one, "receipt_number": "R1", "filed_on": date(2026, 9, 10)}, outcome="filed"
    )

    assert star.rows(Obligation)[0].state == "done"


def test_a_receipt_number_stands_once(star: Bench) -> None:
    filing = {"receipt_number": "R1", "filed_on": date(2026, 9, 10)}
    star.run("tax.record_filing", {**a_return(star), **filing}, outcome="filed")
    other = star.run("tax.compute", duty("FS_Q", "2026Q3"))

    with pytest.raises(BusinessError) as raised:
        star.run("tax.record_filing", {"tax_return": other["tax_return"], **filing}, outcome="filed")

    assert raised.value.code == "tax.duplicate_receipt"


def test_what_the_tax_office_sends_back_is_noted(star: Bench) -> None:
    one = a_return(star)
    answer = star.run("tax.record_filing", {**one, "filing_note": "附表缺失"}, outcome="returned")

    assert answer == {"return_state": "returned"}
    assert star.rows(TaxReturn)[0].computation["returned"][0]["note"] == "附表缺失"


def test_a_late_payment_costs_half_a_per_mille_a_day(star: Bench) -> None:
    one = a_return(star, "20000")
    given = {**one, "paid_on": date(2026, 9, 25), "paid_amount": "20100.00"}

    assert star.run("tax.record_payment", given) == {
        "return_state": "paid",
        "late_days": 10,
        "late_fee": D("100.00"),
    }


def test_another_amount_than_owed_is_asked_about(star: Bench) -> None:
    with pytest.raises(BusinessError) as raised:
        star.run(
            "tax.record_payment", {**a_return(star), "paid_on": date(2026, 9, 12), "paid_amount": "99.99"}
        )

    assert raised.value.code == "tax.amount_differs"


def test_a_correction_is_a_return_of_its_own(star: Bench) -> None:
    one = a_return(star)
    star.run(
        "tax.record_filing", {**one, "receipt_number": "R1", "filed_on": date(2026, 9, 10)}, outcome="filed"
    )
    star.run("tax.record_payment", {**one, "paid_on": date(2026, 9, 12), "paid_amount": "100.00"})

    given = {**duty("CIT_Y", "2026"), "manual_amount": "150.00", "corrects": "R1"}
    second = star.run("tax.compute", given)
    star.run("tax.record_payment", {**second, "paid_on": date(2026, 9, 12), "paid_amount": "50.00"})

    assert star.run("tax.compute", duty("CIT_Y", "2026"))["tax_return"]["id"] == second["tax_return"]["id"]
    rows = {row.version: row for row in star.rows(TaxReturn)}
    assert (rows[1].state, rows[1].amount) == ("paid", D("100.00"))
    assert (rows[2].corrects_id, rows[2].amount) == (rows[1].id, D("150.00"))
    assert "原申报税额：100.00\n应补税额：50.00" in second["tax_lines_text"]


def test_a_correction_to_less_says_what_is_given_back(star: Bench) -> None:
    one = a_return(star)
    star.run(
        "tax.record_filing", {**one, "receipt_number": "R1", "filed_on": date(2026, 9, 10)}, outcome="filed"
    )

    less = star.run("tax.compute", {**duty("CIT_Y", "2026"), "manual_amount": "70.00", "corrects": "R1"})

    assert less["tax_return"]["payable"] == 0
    assert "原申报税额：100.00\n应退税额：30.00" in less["tax_lines_text"]


def test_risks_before_filing_are_found_in_the_books(star: Bench, clock: TestClock) -> None:
    with_a_sale(star)
    cash = {
        "on": date(2026, 8, 31),
        "summary": "付现",
        "debit": "560205",
        "credit": "1001",
        "amount": "50.00",
    }
    star.run("books.enter", {"manual_entries": [cash]})
    closed(star)
    star.run("tax.compute", duty("VAT_M", "2026-08"))
    early = star.run("tax.risk_check", duty("VAT_M", "2026-08"))
    clock.set(clock.now().replace(day=14))
    late = star.run("tax.risk_check", duty("VAT_M", "2026-08"))

    assert ([each["code"] for each in early["tax_findings"]], early["tax_severity"]) == (["R08"], "high")
    assert late["tax_severity"] == "critical"
    assert "R16" in late["tax_findings_text"]


def test_invoices_beyond_the_declared_sales_are_a_risk(star: Bench) -> None:
    with_a_sale(star)
    closed(star)
    star.run("tax.compute", duty("VAT_M", "2026-08"))
    star.file(invoice(number(5), STAR_SIDE, NORTH_SIDE, "500.00"), "late.xml")
    star.run("invoices.import")

    found = star.run("tax.risk_check", duty("VAT_M", "2026-08"))

    assert "R09" in [each["code"] for each in found["tax_findings"]]
