"""An operator's changes to the tokens of one instance, in the rows of the store."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.commands import incidents, instances, modifications
from engine.commands.modifications import Change, Move, Place, Repeat, Skip, Target
from engine.errors import Conflict, InvalidInput, NotAllowed
from engine.service_tasks import Handlers
from engine.worker import Worker
from store.tables import HistoryEvent, Incident, Instance, Job, Subscription, WorkItem
from store.unit_of_work import counted
from tests.conftest import Firm
from tests.engine.commands.playing import Play

LINE = """
startEvent s
userTask a groups=bookkeeper name='First'
serviceTask machine topic=t.fail retries=1 "out=price:=result"
userTask b groups=bookkeeper name='Second'
boundaryEvent late on=b timer=duration:PT1H
userTask chase groups=bookkeeper
intermediateCatchEvent letter message=m@=1
userTask c groups=bookkeeper
endEvent e
s -> a -> machine -> b -> letter -> c -> e
late -> chase
"""
CHILD = "startEvent s\nuserTask inside groups=bookkeeper\nendEvent e\ns -> inside -> e"
PARENT = "startEvent s\ncallActivity call calls=child\nuserTask after groups=bookkeeper\ns -> call -> after"


@pytest.fixture
def handlers() -> Handlers:
    found = Handlers()

    @found.service_task("t.fail", effect="database")
    def fail(call: Any, uow: Any) -> dict[str, Any]:
        raise RuntimeError("broken")

    return found


@pytest.fixture
def line(play: Play) -> UUID:
    play.deploy(LINE)
    return play.start()


MOST_STATEMENTS = 12
Operate = Callable[..., tuple[UUID, ...]]


@pytest.fixture
def operate(play: Play, firm: Firm) -> Operate:
    def act(instance: UUID, change: Change, **more: Any) -> tuple[UUID, ...]:
        more = {"reason": "has to be", "by": firm.ma, **more}
        return play.store.run(modifications.apply, instance, change, **more)

    return act


def wait_at(play: Play, element: str, table: Any = WorkItem) -> Place:
    query = select(table.wait).where(table.element == element)
    if table is WorkItem:
        query = query.where(WorkItem.state == "open")
    return Place(play.rows(query)[-1][0])


def events(play: Play, instance: UUID, kind: str) -> list[Any]:
    query = select(HistoryEvent).where(HistoryEvent.instance_id == instance, HistoryEvent.kind == kind)
    return play.rows(select(*query.subquery().c))


# --- rows ---


def test_a_move_cancels_the_old_work_item_and_opens_the_new_ones_rows(
    play: Play, firm: Firm, line: UUID, operate: Operate
) -> None:
    old = play.item("a")
    opened = operate(line, Move((wait_at(play, "a"),), (Target("b"),)))
    assert opened == (play.item("b"),)
    row = play.rows(select(WorkItem.state, WorkItem.completed_by).where(WorkItem.id == old))[0]
    assert tuple(row) == ("cancelled", None)
    assert [(job.kind, job.element) for job in play.jobs()] == [("timer", "late")]
    [fact] = events(play, line, "token.moved")
    assert (fact.element, fact.name, fact.person_id) == ("a", "First", firm.ma.id)
    assert fact.detail["reason"] == "has to be"
    assert fact.detail["to"] == "Second"


def test_jobs_timers_subscriptions_and_incidents_go_with_the_token(
    play: Play, line: UUID, operate: Operate, worker: Worker
) -> None:
    operate(line, Move((wait_at(play, "a"),), (Target("machine"),)))
    worker.run_due()
    [incident] = play.incidents()
    operate(line, Move((wait_at(play, "machine", Job),), (Target("letter"),)))
    assert play.jobs() == []
    assert play.incidents() == []
    [resolved] = play.rows(select(Incident.resolution).where(Incident.id == incident.id))
    assert resolved[0] == "interrupted"
    operate(line, Move((wait_at(play, "letter", Subscription),), (Target("b"),)))
    assert play.rows(select(Subscription.id).where(Subscription.instance_id == line)) == []
    operate(line, Move((wait_at(play, "b"),), (Target("c"),)))
    assert play.jobs() == []


def test_a_job_with_an_incident_is_skipped_with_the_result_that_the_operator_gives(
    play: Play, line: UUID, operate: Operate, worker: Worker
) -> None:
    play.complete("a", by=None)
    worker.run_due()
    operate(line, Skip(wait_at(play, "machine", Job), {"result": "by hand"}))
    assert play.incidents() == []
    assert list(play.open_items()) == ["b"]
    assert play.variables(line)["price"] == "by hand"
    assert "element.skipped" in play.facts(line)


def test_repeating_a_failed_job_begins_with_all_its_attempts_under_a_new_key(
    play: Play, line: UUID, operate: Operate, worker: Worker
) -> None:
    play.complete("a", by=None)
    worker.run_due()
    old = play.jobs()[0]
    operate(line, Repeat(wait_at(play, "machine", Job)))
    [new] = play.jobs()
    assert (new.attempts, new.held) == (0, False)
    assert new.wait != old.wait
    assert play.incidents() == []
    worker.run_due()
    assert len(play.incidents()) == 1


def test_a_skipped_work_item_is_nobodys_work(play: Play, firm: Firm, line: UUID, operate: Operate) -> None:
    item = play.item("a")
    operate(line, Skip(wait_at(play, "a")))
    row = play.rows(
        select(WorkItem.state, WorkItem.completed_by, WorkItem.completed_at).where(WorkItem.id == item)
    )
    assert tuple(row[0]) == ("cancelled", None, None)


def test_a_skipped_timer_takes_place_now(play: Play, line: UUID, operate: Operate) -> None:
    operate(line, Move((wait_at(play, "a"),), (Target("b"),)))
    operate(line, Skip(wait_at(play, "late", Job)))
    assert list(play.open_items()) == ["chase"]


@pytest.mark.parametrize("act", ["move", "skip", "repeat"])
def test_the_called_instance_is_cancelled(play: Play, operate: Operate, act: str) -> None:
    play.deploy(CHILD, "child")
    play.deploy(PARENT)
    parent = play.start()
    place = Place(play.rows(select(Instance.parent_wait).where(Instance.parent_id == parent))[0][0])
    change = {"move": Move((place,), (Target("after"),)), "skip": Skip(place), "repeat": Repeat(place)}[act]
    operate(parent, change)
    assert play.states("child") == (["cancelled", "running"] if act == "repeat" else ["cancelled"])
    assert list(play.open_items()) == (["inside"] if act == "repeat" else ["after"])
    assert play.state(parent) == "running"


def test_a_move_to_the_end_ends_the_instance_and_lets_its_caller_go_on(play: Play, operate: Operate) -> None:
    play.deploy(CHILD, "child")
    play.deploy(PARENT)
    play.start()
    child = play.rows(select(Instance.id).where(Instance.process == "child"))[0][0]
    operate(child, Move((wait_at(play, "inside"),), (Target("e"),)))
    assert play.states("child") == ["completed"]
    assert list(play.open_items()) == ["after"]


def test_a_suspended_instance_can_be_put_right_before_it_goes_on(
    play: Play, firm: Firm, line: UUID, operate: Operate, worker: Worker
) -> None:
    play.store.run(instances.suspend, line, reason="stop", by=firm.ma)
    operate(line, Move((wait_at(play, "a"),), (Target("machine"),)))
    assert worker.run_due() == 0
    play.store.run(instances.resume, line, reason="go", by=firm.ma)
    assert worker.run_due() == 1


def test_what_a_suspended_instance_calls_is_suspended_too(play: Play, firm: Firm, operate: Operate) -> None:
    play.deploy(CHILD, "child")
    play.deploy(PARENT.replace("s -> call", "userTask a groups=bookkeeper\ns -> a -> call"))
    parent = play.start()
    play.store.run(instances.suspend, parent, reason="stop", by=firm.ma)
    operate(parent, Move((wait_at(play, "a"),), (Target("call"),)))
    assert play.states("child") == ["suspended"]
    play.store.run(instances.resume, parent, reason="go", by=firm.ma)
    assert play.states("child") == ["running"]


# --- who, why, and only once ---


def test_a_change_needs_a_reason_a_right_and_an_instance_that_runs(
    play: Play, firm: Firm, line: UUID, operate: Operate
) -> None:
    change = Skip(wait_at(play, "a"))
    with pytest.raises(InvalidInput, match="Give the reason"):
        operate(line, change, reason="  ")
    with pytest.raises(NotAllowed):
        operate(line, change, by=firm.bao)
    with pytest.raises(NotAllowed):
        play.store.look(modifications.plan, line, change, by=firm.bao)
    play.store.run(instances.cancel, line, reason="over", by=firm.ma)
    with pytest.raises(Conflict, match="has ended"):
        operate(line, change)
    with pytest.raises(Conflict, match="has ended"):
        play.store.look(modifications.plan, line, change, by=firm.ma)


def test_of_two_operators_who_saw_the_same_state_the_second_is_told(
    play: Play, firm: Firm, line: UUID, operate: Operate
) -> None:
    extra = Move(put=(Target("c"),))
    saw = play.store.look(modifications.plan, line, extra, by=firm.ma).version
    operate(line, extra, version=saw)
    with pytest.raises(Conflict, match="moved on since you looked"):
        operate(line, extra, version=saw)
    assert sorted(play.open_items()) == ["a", "c"]


def test_of_two_operators_at_the_same_moment_one_is_served(
    play: Play, firm: Firm, line: UUID, operate: Operate
) -> None:
    extra = Move(put=(Target("c"),))
    saw = play.store.look(modifications.plan, line, extra, by=firm.ma).version

    def click(_number: int) -> str:
        try:
            operate(line, extra, version=saw)
        except Conflict as error:
            return str(error)
        return "done"

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(click, range(4)))
    assert told.count("done") == 1
    assert sorted(play.open_items()) == ["a", "c"]


def test_a_move_costs_few_statements(play: Play, line: UUID, operate: Operate) -> None:
    place = wait_at(play, "a")
    with counted(play.store) as seen:
        operate(line, Move((place,), (Target("c"),)))
    assert len(seen) <= MOST_STATEMENTS, "\n".join(seen)


def test_a_double_click_does_it_once(play: Play, line: UUID, operate: Operate) -> None:
    change = Repeat(wait_at(play, "a"))
    operate(line, change)
    with pytest.raises(Conflict, match="Nothing waits at"):
        operate(line, change)
    assert list(play.open_items()) == ["a"]
    assert len(events(play, line, "token.repeated")) == 1


def test_what_is_refused_leaves_nothing_behind(play: Play, line: UUID, operate: Operate) -> None:
    before = play.facts(line)
    with pytest.raises(InvalidInput):
        operate(line, Move((wait_at(play, "a"),), (Target("e", "after"),)))
    assert play.facts(line) == before
    play.complete("a", by=None)
    assert list(play.open_items()) == []


# --- looking first ---


def test_a_plan_says_what_would_happen_and_writes_nothing(
    play: Play, firm: Firm, line: UUID, operate: Operate
) -> None:
    before = play.facts(line)
    change = Move((wait_at(play, "a"),), (Target("b"),), {"note": "x"})
    plan = play.store.look(modifications.plan, line, change, by=firm.ma)
    assert [(each.element, each.name, each.kind) for each in plan.closed] == [("a", "First", "user")]
    assert [(each.element, each.kind) for each in plan.opened] == [("b", "user"), ("late", "timer")]
    assert plan.changed == (("note", None, "x"),)
    assert (plan.ended, plan.warned) == (None, ())
    assert play.facts(line) == before
    assert list(play.open_items()) == ["a"]
    play.complete("a", by=None)


def test_a_plan_says_why_output_mappings_are_applied_or_not(play: Play, firm: Firm, line: UUID) -> None:
    play.complete("a", by=None)
    place = wait_at(play, "machine", Job)

    def notes(**more: Any) -> str:
        plan = play.store.look(modifications.plan, line, Skip(place, **more), by=firm.ma)
        return " ".join(plan.notes)

    assert "no result for them to read: price" in notes()
    assert "are applied: price will be set" in notes(variables={"result": 1})
    assert "left out, as you chose" in notes(outputs=False)


def test_a_plan_tells_that_the_instance_would_end(play: Play, firm: Firm, line: UUID) -> None:
    change = Move((wait_at(play, "a"),), (Target("e"),))
    assert play.store.look(modifications.plan, line, change, by=firm.ma).ended == "completed"


def test_the_tokens_are_told_with_what_they_wait_for(play: Play, firm: Firm, line: UUID) -> None:
    play.complete("a", by=None)
    found = play.store.look(modifications.tokens, line, by=firm.ma)
    assert [(each.element, each.depth, [wait.kind for wait in each.waits]) for each in found] == [
        ("#process", 0, []),
        ("machine", 1, ["job"]),
    ]


def test_the_scopes_that_a_token_can_begin_in_are_told(play: Play, firm: Firm) -> None:
    play.deploy(
        'startEvent s\nsubProcess each "each== [1, 2]" item=it {\nstartEvent i\n'
        "userTask a groups=bookkeeper\ni -> a\n}\ns -> each"
    )
    started = play.start()
    found = play.store.look(modifications.inside, started, Target("a"), by=firm.ma)
    assert [(each.element, each.item) for each in found] == [("each", 1), ("each", 2), ("#process", None)]


def test_a_join_that_would_be_left_waiting_is_warned_of(play: Play, firm: Firm) -> None:
    play.deploy(
        "startEvent s\nparallelGateway split\nuserTask a groups=bookkeeper\nuserTask b groups=bookkeeper\n"
        "parallelGateway join name='Both done'\nendEvent e\ns -> split -> a -> join -> e\nsplit -> b -> join"
    )
    started = play.start()
    plan = play.store.look(modifications.plan, started, Move((wait_at(play, "a"),)), by=firm.ma)
    assert plan.warned == (
        "The join «Both done» will wait for a token through a_join, where none can come from any more.",
    )


@pytest.mark.parametrize("act", ["cancelled", "retried"])
def test_an_incident_of_a_token_tells_how_it_ended(play: Play, firm: Firm, act: str) -> None:
    play.deploy("startEvent s\nexclusiveGateway g\nuserTask u groups=bookkeeper\ns -> g\ng -> u : = ready")
    begun = play.start()
    [incident] = play.incidents()
    if act == "cancelled":
        play.store.run(instances.cancel, begun, reason="no longer wanted", by=firm.ma)
    else:
        play.store.run(instances.set_variables, begun, 0, {"ready": True}, reason="it is", by=firm.ma)
        play.store.run(incidents.retry, [incident.id], reason="ready now", by=firm.ma)
    [how] = play.rows(select(Incident.resolution).where(Incident.id == incident.id))
    assert how[0] == {"cancelled": "interrupted", "retried": "retried: ready now"}[act]
