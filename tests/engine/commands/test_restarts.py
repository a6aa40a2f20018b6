"""Going back to a past point: the variables as they were, in a new instance or in the same one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.commands import instances, restarts
from engine.errors import AlreadyRunning, Conflict, InvalidInput, NotAllowed, NotFound
from store.tables import HistoryEvent, Instance
from tests.conftest import Firm
from tests.engine.commands.playing import Play

LINE = """
startEvent s
userTask a groups=bookkeeper
scriptTask sum 'script== amount * 2' result=double
userTask b groups=bookkeeper
subProcess sub 'in=n:=double' {
startEvent i
userTask inner groups=bookkeeper
i -> inner
}
endEvent e
s -> a -> sum -> b -> sub -> e
"""
KEYED = '<bpmn:extensionElements><zf:process key="client-period"/></bpmn:extensionElements>\n'


@pytest.fixture
def ended(play: Play) -> UUID:
    """An instance that ended: amount 1, then 5 by the hand-in of a, then 9 by that of b."""
    play.deploy(LINE)
    started = play.start(amount=Decimal(1))
    play.store.run(instances.set_variables, started, 0, {"amount": Decimal(5)}, reason="typed wrong", by=None)
    play.complete("a", by=None)
    play.store.run(
        instances.set_variables, started, 0, {"amount": Decimal(9), "extra": "x"}, reason="late", by=None
    )
    play.complete("b", by=None)
    play.complete("inner", by=None)
    assert play.state(started) == "completed"
    return started


def visit(play: Play, instance: UUID, element: str) -> restarts.Visit:
    found = play.store.look(restarts.visits, instance, by=play.firm.ma)
    return [each for each in found if each.element == element][-1]


def restart(play: Play, instance: UUID, element: str, **more: Any) -> UUID:
    more = {"reason": "once more", "by": play.firm.ma, **more}
    return play.store.run(restarts.restart, instance, visit(play, instance, element).event, **more)


def rewind(play: Play, instance: UUID, element: str, **more: Any) -> None:
    more = {"reason": "once more", "by": play.firm.ma, **more}
    play.store.run(restarts.rewind, instance, visit(play, instance, element).event, **more)


def fact(play: Play, instance: UUID, kind: str) -> Any:
    query = select(HistoryEvent.detail, HistoryEvent.person_id).where(
        HistoryEvent.instance_id == instance, HistoryEvent.kind == kind
    )
    return play.rows(query)[0]


def amounts(play: Play, instance: UUID) -> tuple[Any, Any]:
    known = play.variables(instance)
    return known["amount"], known.get("double")


# --- a new instance ---


@pytest.mark.parametrize(
    ("element", "waits", "known"),
    [
        ("s", "a", (Decimal(1), None)),
        ("a", "a", (Decimal(1), None)),
        ("b", "b", (Decimal(5), Decimal(10))),
        ("sub", "inner", (Decimal(9), Decimal(10))),
    ],
)
def test_a_new_instance_begins_there_with_the_variables_as_they_were(
    play: Play, ended: UUID, element: str, waits: str, known: tuple[Any, Any]
) -> None:
    new = restart(play, ended, element)
    assert list(play.open_items()) == [waits]
    assert amounts(play, new) == known
    assert ("extra" in play.variables(new)) is (element == "sub")


def test_the_old_and_the_new_instance_name_each_other_in_the_history(
    play: Play, firm: Firm, ended: UUID
) -> None:
    new = restart(play, ended, "b")
    old_side, new_side = fact(play, ended, "instance.restarted"), fact(play, new, "instance.continues")
    assert (old_side.detail["instance"], new_side.detail["instance"]) == (str(new), str(ended))
    assert old_side.detail["reason"] == new_side.detail["reason"] == "once more"
    assert old_side.person_id == firm.ma.id


def test_values_that_the_operator_gives_go_before_those_of_the_history(play: Play, ended: UUID) -> None:
    new = restart(play, ended, "b", given={"amount": Decimal(7), "more": True})
    assert amounts(play, new) == (Decimal(7), Decimal(10))
    assert play.variables(new)["more"] is True


def test_a_step_inside_a_sub_process_is_begun_with_the_sub_process_entered_afresh(
    play: Play, firm: Firm, ended: UUID
) -> None:
    plan = play.store.look(
        restarts.plan_restart, ended, visit(play, ended, "inner").event, given={}, by=firm.ma
    )
    assert "«sub» will be entered afresh" in plan.notes[0]
    assert [each.element for each in plan.opened] == ["inner"]
    restart(play, ended, "inner")
    assert list(play.open_items()) == ["inner"]


def test_what_a_script_found_is_not_known_and_said_so(play: Play, firm: Firm, ended: UUID) -> None:
    found = visit(play, ended, "sum")
    assert "What the variables were before «sum» is not known" in found.unknown
    with pytest.raises(Conflict, match="it wrote some in the same moment"):
        restart(play, ended, "sum")
    with pytest.raises(NotFound, match="has no visit 0"):
        play.store.run(restarts.restart, ended, 0, reason="x", by=firm.ma)


def test_a_second_click_starts_no_second_instance(play: Play, firm: Firm, ended: UUID) -> None:
    event = visit(play, ended, "b").event
    saw = play.store.look(restarts.plan_restart, ended, event, given={}, by=firm.ma).version
    restart(play, ended, "b", version=saw)
    with pytest.raises(Conflict, match="moved on since you looked"):
        restart(play, ended, "b", version=saw)
    assert len(play.states("p")) == 2


def test_a_plan_of_a_restart_starts_nothing(play: Play, firm: Firm, ended: UUID) -> None:
    event = visit(play, ended, "b").event
    plan = play.store.look(restarts.plan_restart, ended, event, given={}, by=firm.ma)
    assert [each.element for each in plan.opened] == ["b"]
    assert ("amount", None, Decimal(5)) in plan.changed
    assert play.states("p") == ["completed"]
    assert list(play.open_items()) == []


def test_client_period_and_key_come_along_and_the_key_stays_unique(play: Play, firm: Firm) -> None:
    play.deploy(KEYED + LINE)
    first = play.store.run(
        instances.start, "p", {"amount": Decimal(1)}, by=firm.lin, client=firm.client, period="2026-08"
    )
    with pytest.raises(AlreadyRunning):
        restart(play, first, "a")
    play.store.run(instances.cancel, first, reason="wrong", by=firm.ma)
    new = restart(play, first, "a")
    row = play.rows(
        select(Instance.client_id, Instance.period, Instance.business_key).where(Instance.id == new)
    )
    assert tuple(row[0]) == (firm.client, "2026-08", "client:0001:2026-08")
    known = play.variables(new)
    assert (known["client"]["code"], known["initiator"], known["period"]) == ("0001", "lin", "2026-08")


def test_the_same_version_goes_on_even_when_a_newer_one_is_deployed(play: Play, ended: UUID) -> None:
    play.deploy(LINE.replace("userTask b", "userTask other").replace("-> b ->", "-> other ->"))
    restart(play, ended, "b")
    assert list(play.open_items()) == ["b"]


def test_a_restart_needs_a_reason_and_a_right(play: Play, firm: Firm, ended: UUID) -> None:
    with pytest.raises(InvalidInput, match="Give the reason"):
        restart(play, ended, "b", reason="")
    with pytest.raises(NotAllowed):
        restart(play, ended, "b", by=firm.bao)
    with pytest.raises(NotAllowed):
        play.store.look(restarts.visits, ended, by=firm.bao)


def test_a_new_instance_of_what_was_called_stands_alone_and_the_plan_says_so(play: Play, firm: Firm) -> None:
    play.deploy("startEvent s\nuserTask inside groups=bookkeeper\nendEvent e\ns -> inside -> e", "child")
    play.deploy("startEvent s\ncallActivity call calls=child\nendEvent e\ns -> call -> e")
    play.start()
    child = play.rows(select(Instance.id).where(Instance.process == "child"))[0][0]
    event = visit(play, child, "inside").event
    plan = play.store.look(restarts.plan_restart, child, event, given={}, by=firm.ma)
    assert "stands alone" in plan.notes[-1]
    new = restart(play, child, "inside")
    assert play.rows(select(Instance.parent_id).where(Instance.id == new)) == [(None,)]


# --- long values ---


def test_a_long_value_that_is_still_the_same_is_taken_by_its_digest(play: Play, firm: Firm) -> None:
    play.deploy(LINE)
    long = "字" * 3_000
    started = play.start(amount=Decimal(1), text=long)
    found = play.store.look(restarts.then, started, visit(play, started, "a").event, by=firm.ma)
    assert (found.checked, found.lacking) == (("text",), ())
    assert play.variables(restart(play, started, "a"))["text"] == long


def test_a_long_value_that_is_another_now_is_asked_for(play: Play, firm: Firm) -> None:
    play.deploy(LINE)
    started = play.start(amount=Decimal(1), text="a" * 5_000)
    play.store.run(instances.set_variables, started, 0, {"text": "b" * 5_000}, reason="x", by=None)
    play.complete("a", by=None)
    first = play.store.look(restarts.visits, started, by=firm.ma)[1]
    found = play.store.look(restarts.then, started, first.event, by=firm.ma)
    assert found.lacking == (("text", 5_002),)
    with pytest.raises(InvalidInput, match=r"text \(5002\); give their values"):
        restart(play, started, "a")
    new = restart(play, started, "a", given={"text": "typed again"})
    assert play.variables(new)["text"] == "typed again"


# --- the same instance ---


def test_a_running_instance_is_rewound_with_its_variables(play: Play, firm: Firm) -> None:
    play.deploy(LINE)
    started = play.start(amount=Decimal(1))
    play.complete("a", by=None)
    play.store.run(
        instances.set_variables, started, 0, {"amount": Decimal(9), "extra": "x"}, reason="late", by=None
    )
    play.complete("b", by=None)
    event = visit(play, started, "b").event
    plan = play.store.look(restarts.plan_rewind, started, event, given={}, by=firm.ma)
    assert [each.element for each in plan.closed] == ["inner"]
    assert [each.element for each in plan.opened] == ["b"]
    assert set(plan.changed) == {("amount", Decimal(9), Decimal(1)), ("extra", "x", None)}
    rewind(play, started, "b")
    assert list(play.open_items()) == ["b"]
    assert amounts(play, started) == (Decimal(1), Decimal(2))
    assert play.variables(started)["extra"] is None
    assert fact(play, started, "instance.rewound").detail["to"] == "b"
    play.complete("b", by=None)
    play.complete("inner", by=None)
    assert play.state(started) == "completed"


def test_rewinding_lets_events_listen_anew_and_cancels_what_was_called(play: Play, firm: Firm) -> None:
    play.deploy("startEvent s\nuserTask inside groups=bookkeeper\nendEvent e\ns -> inside -> e", "child")
    play.deploy(
        "startEvent s\nuserTask a groups=bookkeeper\ncallActivity call calls=child\n"
        "subProcess stop triggered {\nstartEvent asked message=stop@=1\nuserTask wind groups=bookkeeper\nasked -> wind\n}\n"
        "s -> a -> call"
    )
    started = play.start()
    play.complete("a", by=None)
    rewind(play, started, "a")
    assert play.states("child") == ["cancelled"]
    assert list(play.open_items()) == ["a"]


def test_an_ended_instance_is_not_rewound(play: Play, ended: UUID) -> None:
    with pytest.raises(Conflict, match="has ended"):
        rewind(play, ended, "a")


def test_of_the_rounds_of_a_loop_each_can_be_chosen(play: Play, firm: Firm) -> None:
    play.deploy(
        "startEvent s\nuserTask a groups=bookkeeper\nexclusiveGateway x\nendEvent e\n"
        "s -> a -> x\nx -> a : = n < 3\nx => e"
    )
    started = play.start(n=Decimal(0))
    for n in (1, 2, 3):
        play.store.run(instances.set_variables, started, 0, {"n": Decimal(n)}, reason="count", by=None)
        play.complete("a", by=None)
    found = [each for each in play.store.look(restarts.visits, started, by=firm.ma) if each.element == "a"]
    known = [play.store.look(restarts.then, started, each.event, by=firm.ma).values["n"] for each in found]
    assert known == [0, 1, 2]


WIDE = """
startEvent s
exclusiveGateway head
parallelGateway split
userTask a groups=bookkeeper
scriptTask add 'script== total + 1' result=total
userTask b groups=bookkeeper
subProcess sub 'in=inner:=total' 'out=got:=inner' {
startEvent i
userTask c groups=bookkeeper
i -> c
}
parallelGateway join
exclusiveGateway again
userTask d groups=bookkeeper
endEvent e
s -> head -> split -> a -> add -> join -> again
split -> b -> sub -> join
again -> head : = total < 4
again => d
d -> e
"""


def test_at_every_step_where_the_instance_waited_the_variables_are_those_that_it_had(
    play: Play, firm: Firm
) -> None:
    play.deploy(WIDE)
    started = play.start(total=Decimal(0))
    snapshots: dict[int, dict[str, Any]] = {}
    for number in range(40):
        found = play.store.look(restarts.visits, started, by=firm.ma)
        waiting = play.open_items()
        for element in waiting:
            newest = [each for each in found if each.element == element][-1]
            assert newest.unknown == ""
            snapshots.setdefault(newest.event, play.variables(started))
        if not waiting:
            break
        changed = {f"note{number % 3}": Decimal(number), "text": "x" * (3 if number % 3 else 5_000)}
        play.store.run(instances.set_variables, started, 0, changed, reason="more", by=None)
        play.complete(sorted(waiting)[number % len(waiting)], by=None)

    assert play.incidents() == []
    assert play.state(started) == "completed"
    assert len(snapshots) > 12
    for event, known in snapshots.items():
        was = play.store.look(restarts.then, started, event, by=firm.ma)
        lacking = {name for name, _length in was.lacking}
        kept = {name: value for name, value in known.items() if name not in {"client", "settings", *lacking}}
        assert was.values == kept
