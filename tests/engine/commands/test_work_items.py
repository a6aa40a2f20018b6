from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.commands import instances, work_items
from engine.errors import Conflict, InvalidAnswers, NotAllowed, NotFound
from engine.people import Person
from store.clock import TestClock
from store.queries import work_items as desk
from store.queries.scope import Scope
from store.tables import HistoryEvent, WorkItem
from store.unit_of_work import Store
from tests.conftest import Firm
from tests.engine.commands.playing import Play, form

ASK = """
startEvent s
userTask ask groups=bookkeeper form=ask
userTask check groups=reviewer,bookkeeper separate_from=ask
endEvent e
s -> ask -> check -> e
"""
AMOUNT = form("ask", {"type": "number", "key": "amount", "label": "Amount", "validate": {"required": True}})


@pytest.fixture
def item(play: Play, firm: Firm) -> UUID:
    play.deploy(ASK, ask=AMOUNT)
    play.store.run(instances.start, "p", {}, by=None, client=firm.client)
    return play.item("ask")


def scope(person: Person) -> Scope:
    return Scope(person.id, person.login, person.roles, person.teams, person.may("clients.view_all"))


def test_completing_takes_the_answers_into_the_instance_and_opens_the_next_item(
    play: Play, firm: Firm, item: UUID
) -> None:
    opened = play.store.run(work_items.complete, item, {"amount": 12.5}, by=firm.bao)
    assert list(play.open_items()) == ["check"]
    assert opened == ()  # Bao did «ask», so «check» is not for Bao

    opened = play.store.run(work_items.complete, play.item("check"), {}, by=firm.rui)
    assert play.states("p") == ["completed"]
    assert opened == ()


def test_the_next_items_of_the_same_person_are_told(play: Play, firm: Firm) -> None:
    play.deploy("startEvent s\nuserTask a groups=bookkeeper\nuserTask b groups=bookkeeper\ns -> a -> b")
    play.start()
    opened = play.complete("a", by=firm.bao)
    assert opened == (play.item("b"),)


def test_wrong_answers_change_nothing(play: Play, firm: Firm, item: UUID) -> None:
    with pytest.raises(InvalidAnswers) as caught:
        play.store.run(work_items.complete, item, {}, by=firm.bao)
    assert list(caught.value.problems) == ["amount"]
    assert play.item("ask") == item


def test_a_step_without_a_form_takes_no_answers(play: Play, firm: Firm, item: UUID) -> None:
    play.store.run(work_items.complete, item, {"amount": 1}, by=firm.bao)
    with pytest.raises(InvalidAnswers, match="no form"):
        play.complete("check", {"approved": True}, by=firm.rui)


def test_a_second_submit_and_a_stale_page_are_conflicts(play: Play, firm: Firm, item: UUID) -> None:
    play.store.run(work_items.save_draft, item, {"amount": 3}, by=firm.bao)
    with pytest.raises(Conflict, match="has changed since"):
        play.store.run(work_items.complete, item, {"amount": 1}, by=firm.bao, version=1)
    play.store.run(work_items.complete, item, {"amount": 1}, by=firm.bao, version=2)
    with pytest.raises(Conflict, match="completed already"):
        play.store.run(work_items.complete, item, {"amount": 1}, by=firm.bao)
    assert list(play.open_items()) == ["check"]


def test_who_is_no_candidate_may_not_take_it(play: Play, firm: Firm, item: UUID) -> None:
    with pytest.raises(NotAllowed, match="role bookkeeper"):
        play.store.run(work_items.claim, item, by=firm.rui)


def test_a_client_of_somebody_elses_portfolio_is_out_of_reach(play: Play, firm: Firm, item: UUID) -> None:
    with pytest.raises(NotAllowed, match="clients they look after"):
        play.store.run(work_items.claim, item, by=firm.bei)
    assert play.store.read(desk.get, scope(firm.bei), item) is None


def test_duties_are_separate_at_claim_and_at_completion(play: Play, firm: Firm, item: UUID) -> None:
    play.store.run(work_items.complete, item, {"amount": 1}, by=firm.bao)
    check = play.item("check")
    with pytest.raises(NotAllowed, match="somebody else must do"):
        play.store.run(work_items.claim, check, by=firm.bao)
    with pytest.raises(NotAllowed, match="somebody else must do"):
        play.store.run(work_items.complete, check, {}, by=firm.bao)
    with pytest.raises(NotAllowed, match="somebody else must do"):
        play.store.run(work_items.assign, check, "bao", by=firm.lin)


def test_of_two_who_claim_at_once_one_wins_and_the_other_is_told_who(
    play: Play, firm: Firm, store: Store
) -> None:
    play.deploy("startEvent s\nuserTask a groups=bookkeeper\ns -> a")
    play.start()
    item = play.item("a")

    def claim(person: Person) -> str:
        try:
            store.run(work_items.claim, item, by=person)
        except Conflict as conflict:
            return str(conflict)
        return "mine"

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(claim, [firm.bao, firm.bei] * 4))
    winner = firm.bao if "mine" in told[0::2] else firm.bei
    assert sorted(told).count("mine") == 4
    assert {text for text in told if text != "mine"} == {
        f"«a» is with {winner.name} ({winner.login}); ask them to hand it over."
    }


def test_an_item_is_released_handed_over_and_put_off(
    play: Play, firm: Firm, item: UUID, clock: TestClock
) -> None:
    play.store.run(work_items.claim, item, by=firm.bao)
    play.store.run(work_items.postpone, item, clock.now() + timedelta(days=2), by=firm.bao)
    assert play.store.read(desk.desk, scope(firm.bao), clock.now(), view="mine").total == 0
    assert play.store.read(desk.desk, scope(firm.bao), clock.now(), view="postponed").total == 1
    clock.advance(timedelta(days=3))
    assert play.store.read(desk.desk, scope(firm.bao), clock.now(), view="mine").total == 1

    with pytest.raises(NotAllowed):
        play.store.run(work_items.release, item, by=firm.rui)
    play.store.run(work_items.release, item, by=firm.bao)
    play.store.run(work_items.assign, item, "bao", by=firm.lin)
    row = play.store.read(desk.get, scope(firm.lin), item)
    assert row is not None
    assert row.assignee_login == "bao"
    kinds = [
        row[0]
        for row in play.rows(select(HistoryEvent.kind).where(HistoryEvent.kind.startswith("work_item.")))
    ]
    assert kinds == [
        "work_item.claimed",
        "work_item.postponed",
        "work_item.released",
        "work_item.assigned",
    ]


def test_an_item_is_not_handed_to_somebody_who_may_not_take_it(play: Play, firm: Firm, item: UUID) -> None:
    with pytest.raises(NotAllowed):
        play.store.run(work_items.assign, item, "rui", by=firm.lin)
    with pytest.raises(NotFound):
        play.store.run(work_items.assign, item, "nobody", by=firm.lin)


def test_the_item_of_somebody_else_is_not_completed_over_their_head(play: Play, firm: Firm) -> None:
    play.deploy("startEvent s\nuserTask a groups=bookkeeper\ns -> a")
    play.start()
    play.store.run(work_items.claim, play.item("a"), by=firm.bao)
    with pytest.raises(Conflict, match=r"is with Bao \(bao\)"):
        play.complete("a", by=firm.bei)


def test_a_person_named_in_the_diagram_is_assigned_at_once(play: Play, firm: Firm) -> None:
    play.deploy("startEvent s\nuserTask a assignee='= client.staff.bookkeeper'\ns -> a")
    play.store.run(instances.start, "p", {}, by=None, client=firm.client)
    row = play.store.read(desk.get, scope(firm.bao), play.item("a"))
    assert row is not None
    assert (row.assignee_login, row.candidates) == ("bao", (("person", "bao"),))


def test_the_answers_and_a_draft_are_kept_as_given(play: Play, firm: Firm, item: UUID) -> None:
    play.store.run(work_items.save_draft, item, {"amount": "12,5", "note": None}, by=firm.bao)
    row = play.store.read(desk.get, scope(firm.bao), item)
    assert row is not None
    assert row.draft == {"amount": "12,5", "note": None}
    play.store.run(work_items.complete, item, {"amount": "12.50"}, by=firm.bao)
    answers = play.rows(select(WorkItem.answers, WorkItem.draft).where(WorkItem.id == item))[0]
    assert answers == ({"amount": {"$d": "12.50"}}, None)


def test_counts_tell_what_is_mine_and_what_is_free(
    play: Play, firm: Firm, item: UUID, clock: TestClock
) -> None:
    assert play.store.read(desk.counts, scope(firm.bao), clock.now()).unassigned == 1
    play.store.run(work_items.claim, item, by=firm.bao)
    counts = play.store.read(desk.counts, scope(firm.bao), clock.now())
    assert (counts.mine, counts.unassigned) == (1, 0)
    assert play.store.read(desk.counts, scope(firm.bei), clock.now()).unassigned == 0
