"""What is due for a client: proposed, planned for a year, derived with the dates one has to go by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from engine.calendar import china
from engine.commands import surroundings
from handlers import handlers
from store.tables import Client, Contract, Obligation, ScopeItem
from store.unit_of_work import UnitOfWork
from tests.handlers.tasks.bench import Bench


def sign(bench: Bench, starts: date, *services: str) -> None:
    def write(uow: UnitOfWork) -> None:
        row = Contract(
            id=uow.new_id(),
            number="HT-1",
            client_id=bench.client,
            state="signed",
            starts_on=starts,
            ends_on=starts + timedelta(days=364),
            monthly_fee=500,
            terms={},
            created_at=uow.now,
        )
        uow.session.add(row)
        uow.session.flush()
        uow.session.add_all(ScopeItem(contract_id=row.id, code=code, name=code) for code in services)

    bench.change(write)


def derived(bench: Bench, period: str = "2026-08") -> dict[str, dict[str, Any]]:
    return {each["code"]: each for each in bench.run("obligations.derive", period=period)["obligations"]}


def test_contributions_are_due_where_the_firm_does_the_payroll(star: Bench) -> None:
    without = star.run("obligations.propose")["chosen_obligations"]
    sign(star, date(2026, 8, 1), "bookkeeping", "payroll")
    with_payroll = star.run("obligations.propose")["chosen_obligations"]

    assert not {"SOCIAL", "HPF"} & set(without)
    assert set(with_payroll) - set(without) == {"SOCIAL", "HPF"}
    assert {"DISAB", "SAMR_Y", "BOOK_Y"} <= set(without)
    assert not {"UNION", "PROP", "CULT"} & set(with_payroll)


def test_what_was_chosen_is_never_dropped_for_want_of_a_local_date(star: Bench) -> None:
    star.run("plans.create", {"plan_year": 2026, "chosen_obligations": ["SOCIAL", "VAT_M"]})

    found = derived(star)

    assert (found["SOCIAL"]["due_on"], found["SOCIAL"]["provisional"]) == (date(2026, 9, 15), True)
    assert found["VAT_M"]["provisional"] is False
    assert "暂定" in found["SOCIAL"]["label"]


def test_a_local_day_that_becomes_known_takes_the_place_of_the_usual_one(star: Bench) -> None:
    star.profile(payroll=[])
    derived(star)
    star.profile(local_due_days={"SOCIAL": 31})

    found = derived(star)

    assert (found["SOCIAL"]["due_on"], found["SOCIAL"]["provisional"]) == (date(2026, 9, 30), False)
    assert len(star.rows(Obligation, Obligation.code == "SOCIAL")) == 1


def test_december_brings_the_yearly_duties_with_local_windows(star: Bench) -> None:
    found = derived(star, "2025-12")

    assert (found["DISAB"]["period"], found["DISAB"]["due_on"]) == ("2025", date(2026, 9, 30))
    assert found["BOOK_Y"]["due_on"] == date(2026, 3, 31)


def test_a_published_schedule_settles_what_was_provisional(star: Bench) -> None:
    before = derived(star, "2026-12")["VAT_M"]
    known = china().extended([{"date": "2027-01-01", "kind": "off", "festival": "元旦"}])
    surroundings.attach(star.store, handlers=handlers, calendar=known)

    after = derived(star, "2026-12")["VAT_M"]

    assert (before["provisional"], after["provisional"]) == (True, False)
    assert before["id"] == after["id"]


def test_a_duty_that_is_done_keeps_its_date(star: Bench) -> None:
    derived(star, "2026-12")

    def finish(uow: UnitOfWork) -> None:
        for row in uow.session.query(Obligation):
            row.state = "done"

    star.change(finish)
    known = replace(china(), published={})
    surroundings.attach(star.store, handlers=handlers, calendar=known)

    assert all(row.provisional for row in star.rows(Obligation, Obligation.code == "VAT_M"))
    assert derived(star, "2026-12")["VAT_M"]["provisional"] is True


def test_obligations_know_the_instance_that_derived_them(star: Bench) -> None:
    derived(star)

    assert {row.instance_id for row in star.rows(Obligation)} == {star.instance}


def test_the_plan_begins_with_the_service(star: Bench) -> None:
    sign(star, date(2026, 8, 1))
    given = {"plan_year": 2026, "chosen_obligations": ["VAT_M", "CIT_Q", "SAMR_Y"]}

    plan = star.run("plans.create", given)["work_plan"]

    assert [(item["month"], item["code"], item["period"]) for item in plan["items"]] == [
        (9, "VAT_M", "2026-08"),
        (10, "CIT_Q", "2026Q3"),
        (10, "VAT_M", "2026-09"),
        (11, "VAT_M", "2026-10"),
        (12, "VAT_M", "2026-11"),
    ]


def test_the_next_years_plan_holds_the_settlement_and_the_annual_report(star: Bench) -> None:
    star.profile(books_start="2026-08")

    answer = star.run("plans.create", {"plan_year": 2027, "chosen_obligations": ["CIT_Y", "SAMR_Y"]})

    assert [(item["month"], item["period"]) for item in answer["work_plan"]["items"]] == [
        (5, "2026"),
        (6, "2026"),
    ]
    assert answer["work_plan"]["items"][1]["due_on"] == date(2027, 6, 30)
    assert "6月 工商年报" in answer["work_plan_text"]


def test_a_certificate_that_ends_soon_is_found_by_the_quarterly_check(star: Bench) -> None:
    star.profile(licence_until="2027-01-31")
    before = star.run("clients.precheck", {}, scope="quarterly")
    star.run("obligations.propose", {"ca_expires_on": date(2026, 9, 10), "vat_cycle": "month"})
    after = star.run("clients.precheck", {}, scope="quarterly")

    assert "R19" not in [each["code"] for each in before["precheck_findings"]]
    assert "2026-09-10" in after["precheck_findings_text"]
    profile = star.rows(Client, Client.id == star.client)[0].profile
    assert (profile["monthly_vat"], profile["licence_until"]) == (True, "2027-01-31")
