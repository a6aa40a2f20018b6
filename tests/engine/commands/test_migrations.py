"""Migrations on the store: rows that stay, dry runs that tell the truth, children, many at once, rights, history."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from engine.commands import batches, history, instances, leases, messages, migrations, people, work_items
from engine.commands._running import variable_text
from engine.commands.migrations import Target
from engine.errors import Conflict, InvalidInput, MigrationRefused, NotAllowed
from engine.service_tasks import Call, Handlers
from engine.worker import Worker
from store.clock import TestClock
from store.queries import batches as queries
from store.queries import instances as instance_queries
from store.queries.batches import Batch, Many
from store.queries.scope import Scope
from store.tables import (
    Candidate,
    Definition,
    HistoryEvent,
    Instance,
    InstanceVariable,
    Job,
    Subscription,
    WorkItem,
)
from store.unit_of_work import counted
from tests.conftest import Firm
from tests.engine.commands.playing import Play, form

ONE = "startEvent s\nuserTask a groups=bookkeeper form=f1\nendEvent e\ns -> a -> e"
TWO = """
startEvent s
userTask a name=Control groups=reviewer form=f2 separate_from=b
userTask b groups=bookkeeper
endEvent e
s -> a -> b -> e
"""
FORMS = {name: form(name, {"key": "x", "type": "textfield"}) for name in ("f1", "f2")}
WHY = "the law changed"
PARENT = "startEvent s\ncallActivity call calls=child\nuserTask z groups=bookkeeper\ns -> call -> z"
CHILD = "startEvent s\nuserTask inside groups=bookkeeper\nendEvent e\ns -> inside -> e"


def version_of(play: Play, instance: UUID) -> int:
    query = select(Definition.version).join(Instance, Instance.definition_id == Definition.id)
    return int(play.rows(query.where(Instance.id == instance))[0][0])


def migrate(play: Play, instance: UUID, **more: Any) -> migrations.Report:
    return play.store.run(migrations.migrate, instance, Target(**more), reason=WHY, by=play.firm.ma)


def test_a_claimed_item_keeps_its_claim_its_draft_and_its_row(play: Play, firm: Firm) -> None:
    play.deploy(ONE, **FORMS)
    started = play.start()
    item = play.item("a")
    play.store.run(work_items.claim, item, by=firm.bao)
    play.deploy(TWO, **FORMS)
    migrate(play, started)
    row = play.rows(select(WorkItem.__table__).where(WorkItem.id == item))[0]
    assert (row.state, row.assignee_id) == ("open", firm.bao.id)
    assert (row.name, row.form_key, row.separate_from) == ("Control", "f2", ["b"])
    groups = play.rows(select(Candidate.name).where(Candidate.work_item_id == item))
    assert {each.name for each in groups} == {"reviewer", "bao"}
    assert version_of(play, started) == 2
    play.complete("a", {"x": "1"}, by=firm.bao)
    assert set(play.open_items()) == {"b"}


def test_a_migrated_instance_is_read_again_from_its_rows(play: Play, firm: Firm) -> None:
    play.deploy(ONE, **FORMS)
    started = play.start()
    play.deploy(TWO, **FORMS)
    migrate(play, started)
    play.store.surroundings.cases.take(started)
    play.complete("a", {"x": "1"}, by=firm.rui)
    play.complete("b", by=firm.bao)
    assert play.state(started) == "completed"


def test_the_desk_shows_a_migrated_item_to_the_role_that_may_now_do_it(play: Play) -> None:
    play.deploy("startEvent s\nuserTask a groups=bookkeeper\ns -> a")
    started = play.start()
    play.deploy("startEvent s\nuserTask a groups=reviewer\ns -> a")
    migrate(play, started)
    assert play.rows(select(WorkItem.sole_role)) == [("reviewer",)]


def test_a_dry_run_says_what_the_migration_then_does_and_writes_nothing(play: Play, firm: Firm) -> None:
    play.deploy(ONE, **FORMS)
    started = play.start()
    play.deploy(TWO, **FORMS)
    before = _everything(play)
    planned = play.store.run(migrations.plan, started, Target(), by=firm.ma)
    assert planned.is_allowed
    assert _everything(play) == before
    assert migrate(play, started) == planned
    assert _everything(play) != before


def _everything(play: Play) -> list[Any]:
    tables = (Instance, WorkItem, Candidate, Job, Subscription, HistoryEvent)
    return [play.rows(select(each.__table__)) for each in tables]


def test_what_cannot_be_migrated_is_left_as_it_was(play: Play, firm: Firm) -> None:
    play.deploy(ONE, **FORMS)
    started = play.start()
    play.deploy("startEvent s\nuserTask other groups=bookkeeper\ns -> other")
    before = _everything(play)
    planned = play.store.run(migrations.plan, started, Target(), by=firm.ma)
    with pytest.raises(MigrationRefused, match="«a»") as refused:
        migrate(play, started)
    assert refused.value.report == planned
    assert _everything(play) == before
    migrate(play, started, mapped={"a": "other"})
    play.complete("other", by=firm.bao)
    assert play.state(started) == "completed"


def test_a_migration_is_in_the_history_and_its_chain_holds(play: Play) -> None:
    play.deploy(ONE, **FORMS)
    started = play.start()
    play.deploy("startEvent s\nuserTask other groups=bookkeeper\ns -> other")
    migrate(play, started, mapped={"a": "other"})
    query = select(HistoryEvent.detail, HistoryEvent.person_id).where(
        HistoryEvent.kind == "instance.migrated"
    )
    row = play.rows(query)[0]
    assert (row.detail["from_version"], row.detail["to_version"], row.detail["reason"]) == (1, 2, WHY)
    assert row.detail["mapped"] == {"a": "other"}
    assert row.person_id == play.firm.ma.id
    assert play.store.read(history.verify, f"instance:{started}") == []


def test_only_who_may_operate_migrates_and_only_with_a_reason(play: Play, firm: Firm) -> None:
    play.deploy(ONE, **FORMS)
    started = play.start()
    play.deploy(TWO, **FORMS)
    for act in (
        lambda: play.store.run(migrations.plan, started, Target(), by=firm.bao),
        lambda: play.store.run(migrations.migrate, started, Target(), reason=WHY, by=firm.bao),
        lambda: play.store.run(batches.begin, "migrate", Many("p"), target=Target(), reason=WHY, by=firm.bao),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(InvalidInput, match="reason"):
        play.store.run(migrations.migrate, started, Target(), reason=" ", by=firm.ma)


def test_an_instance_that_is_there_already_is_not_migrated_again(play: Play) -> None:
    play.deploy(ONE, **FORMS)
    started = play.start()
    with pytest.raises(Conflict, match="version 1 already"):
        migrate(play, started)


def test_who_did_what_is_still_known_under_the_new_ids(play: Play, firm: Firm) -> None:
    play.deploy(
        "startEvent s\nuserTask a groups=bookkeeper\nuserTask b groups=bookkeeper separate_from=a\ns -> a -> b"
    )
    started = play.start()
    play.store.run(work_items.claim, play.item("a"), by=firm.bao)
    play.complete("a", by=firm.bao)
    play.deploy(
        "startEvent s\nuserTask first groups=bookkeeper\nuserTask b groups=bookkeeper separate_from=first\ns -> first -> b"
    )
    migrate(play, started, mapped={"a": "first"})
    with pytest.raises(NotAllowed, match="Bao did"):
        play.store.run(work_items.claim, play.item("b"), by=firm.bao)


def test_a_timer_job_is_moved_and_fires_at_its_new_time(play: Play, clock: TestClock, worker: Worker) -> None:
    drawing = "startEvent s\nintermediateCatchEvent t timer=duration:P10D\nuserTask z groups=bookkeeper\ns -> t -> z"
    play.deploy(drawing)
    started, begun = play.start(), clock.now()
    job = play.jobs()[0].id
    clock.advance(timedelta(days=2))
    play.deploy(drawing.replace("P10D", "P3D"))
    migrate(play, started)
    assert [(each.id, each.due_at) for each in play.jobs()] == [(job, begun + timedelta(days=3))]
    clock.advance(timedelta(days=1))
    worker.run_due()
    assert set(play.open_items()) == {"z"}


def test_a_cycle_changed_by_a_migration_goes_on_from_its_anchor(
    play: Play, clock: TestClock, worker: Worker
) -> None:
    drawing = """
        startEvent s
        userTask a groups=bookkeeper
        boundaryEvent late on=a quiet timer=cycle:R/P1M
        userTask remind groups=bookkeeper
        s -> a
        late -> remind
    """
    play.deploy(drawing)
    started, begun = play.start(), clock.now()
    clock.advance(timedelta(days=31))
    worker.run_due()
    assert "remind" in play.open_items()
    play.deploy(drawing.replace("R/P1M", "R/P7D"))
    migrate(play, started)
    timers = [each.due_at for each in play.jobs() if each.kind == "timer"]
    assert timers == [begun + timedelta(days=35)]


def test_a_subscription_that_changed_takes_a_message_that_waits(play: Play) -> None:
    drawing = "startEvent s\nreceiveTask m message=paid@=1\nendEvent e\ns -> m -> e"
    play.deploy(drawing)
    started = play.start()
    play.store.run(messages.publish, "settled", "1", {}, by=None)
    play.deploy(drawing.replace("paid", "settled"))
    migrate(play, started)
    assert play.state(started) == "completed"


def test_an_assignee_of_the_new_version_gets_what_nobody_has(play: Play, firm: Firm) -> None:
    drawing = "startEvent s\nuserTask a users=bao\nuserTask b users=bao\ns -> a\ns -> b"
    play.deploy(drawing)
    started = play.start()
    play.store.run(work_items.claim, play.item("b"), by=firm.bao)
    play.deploy(
        drawing.replace("a users=bao", "a users=bao assignee=bao").replace(
            "b users=bao", "b users=bao assignee=bei"
        )
    )
    migrate(play, started)
    held = play.rows(select(WorkItem.element, WorkItem.assignee_id).order_by(WorkItem.element))
    assert [tuple(each) for each in held] == [("a", firm.bao.id), ("b", firm.bao.id)]
    named = play.rows(
        select(WorkItem.element, Candidate.name).join(Candidate, Candidate.work_item_id == WorkItem.id)
    )
    assert sorted(tuple(each) for each in named) == [("a", "bao"), ("b", "bao"), ("b", "bei")]


WRAPPED = """
startEvent s
subProcess sub "in=own:=7" {
startEvent ps
userTask a groups=bookkeeper
endEvent pe
ps -> a -> pe
}
endEvent e
s -> sub -> e
"""
BARE = "startEvent s\nuserTask a groups=bookkeeper\nendEvent e\ns -> a -> e"


def test_rows_follow_into_and_out_of_a_sub_process(play: Play) -> None:
    play.deploy(BARE)
    started = play.start()
    item = play.item("a")
    for drawing, own in ((WRAPPED, 7), (BARE + "\n<!-- again -->", 7), (WRAPPED, 7)):
        play.deploy(drawing)
        migrate(play, started)
        play.store.surroundings.cases.take(started)
        row = play.rows(select(WorkItem.scope, WorkItem.id).where(WorkItem.state == "open"))[0]
        held = play.rows(
            select(InstanceVariable.value).where(
                InstanceVariable.scope == row.scope, InstanceVariable.name == "own"
            )
        )
        assert (row.id, [each.value for each in held]) == (item, [variable_text(Decimal(own))])
    play.complete("a")
    assert play.state(started) == "completed"


def test_a_suspended_instance_takes_its_message_when_it_is_resumed(play: Play, firm: Firm) -> None:
    drawing = "startEvent s\nreceiveTask m message=paid@=1\nendEvent e\ns -> m -> e"
    play.deploy(drawing)
    started = play.start()
    play.store.run(instances.suspend, started, reason=WHY, by=firm.ma)
    play.store.run(messages.publish, "settled", "1", {}, by=None)
    play.deploy(drawing.replace("paid", "settled"))
    migrate(play, started)
    assert play.state(started) == "suspended"
    play.store.run(instances.resume, started, reason=WHY, by=firm.ma)
    assert play.state(started) == "completed"


def test_a_job_with_another_topic_is_run_by_the_other_handler(
    play: Play, handlers: Handlers, worker: Worker
) -> None:
    seen: list[str] = []
    for topic in ("old", "new"):
        handlers.service_task(topic, effect="database")(_noting(seen))
    drawing = "startEvent s\nserviceTask a topic=old\nendEvent e\ns -> a -> e"
    play.deploy(drawing)
    started = play.start()
    play.deploy(drawing.replace("topic=old", "topic=new"))
    migrate(play, started)
    worker.run_due()
    assert seen == ["new"]
    assert play.state(started) == "completed"


def _noting(seen: list[str]) -> Callable[[Call, Any], dict[str, Any]]:
    def handle(call: Call, _uow: Any) -> dict[str, Any]:
        seen.append(call.topic)
        return {}

    return handle


def test_a_job_that_a_worker_is_busy_with_does_not_get_another_topic(play: Play, handlers: Handlers) -> None:
    for topic in ("old", "new"):
        handlers.service_task(topic, effect="outside")(_noting([]))
    drawing = "startEvent s\nserviceTask a topic=old\nendEvent e\ns -> a -> e"
    play.deploy(drawing)
    started = play.start()
    leased = play.store.run(leases.take, "w", 1)
    play.deploy(drawing.replace("topic=old", "topic=new"))
    with pytest.raises(MigrationRefused, match="busy"):
        migrate(play, started)
    play.deploy(drawing.replace("a -> e", "a -> task -> e\ntask task"))
    migrate(play, started)
    assert play.store.run(leases.finish, leased[0], {})
    assert play.state(started) == "completed"


def test_children_go_along_when_that_is_wanted(play: Play, firm: Firm) -> None:
    play.deploy(CHILD, "child")
    play.deploy(PARENT)
    started = play.start()
    child = play.rows(select(Instance.id).where(Instance.process == "child"))[0][0]
    play.deploy(CHILD.replace("inside -> e", "inside -> more -> e\nuserTask more groups=bookkeeper"), "child")
    play.deploy(PARENT + "\nz -> unused\nuserTask unused groups=bookkeeper")
    planned = play.store.run(migrations.plan, started, Target(children=True), by=firm.ma)
    assert [each.new_version for each in planned.children] == [2]
    assert [str(each) for each in planned.changes] == [
        "The instance that «call» called goes on in version 2."
    ]
    assert migrate(play, started, children=True) == planned
    assert (version_of(play, started), version_of(play, child)) == (2, 2)
    play.complete("inside")
    assert set(play.open_items()) == {"more"}
    play.complete("more")
    assert set(play.open_items()) == {"z"}


def test_children_stay_as_they_are_when_nothing_is_said(play: Play) -> None:
    play.deploy(CHILD, "child")
    play.deploy(PARENT)
    started = play.start()
    child = play.rows(select(Instance.id).where(Instance.process == "child"))[0][0]
    play.deploy(CHILD + "\nuserTask more groups=bookkeeper\ninside -> more", "child")
    play.deploy(PARENT + "\nz -> unused\nuserTask unused groups=bookkeeper")
    migrate(play, started)
    assert (version_of(play, started), version_of(play, child)) == (2, 1)
    play.complete("inside")
    assert set(play.open_items()) == {"z"}


def test_what_was_called_is_seen_at_the_element_that_calls_it_also_under_its_new_id(
    play: Play, firm: Firm
) -> None:
    everybody = Scope(firm.ma.id, firm.ma.login, all_clients=True)

    def where() -> list[str]:
        found = play.store.read(instance_queries.tokens, everybody, process="p")
        return [token.element for token in found if token.kind == "child"]

    play.deploy(CHILD, "child")
    play.deploy(PARENT)
    started = play.start()
    assert where() == ["call"]
    play.deploy(
        PARENT.replace("callActivity call", "callActivity asking").replace("-> call ->", "-> asking ->")
    )
    migrate(play, started, mapped={"call": "asking"})
    assert where() == ["asking"]


def test_a_child_that_cannot_go_along_keeps_its_parent_back(play: Play) -> None:
    play.deploy(CHILD, "child")
    play.deploy(PARENT)
    started = play.start()
    play.deploy(CHILD.replace("inside", "other"), "child")
    play.deploy(PARENT + "\nz -> unused\nuserTask unused groups=bookkeeper")
    with pytest.raises(MigrationRefused, match=r"child: .*«inside»"):
        migrate(play, started, children=True)
    assert version_of(play, started) == 1


def test_many_are_migrated_by_a_job_that_tells_who_was_refused(
    play: Play, worker: Worker, firm: Firm
) -> None:
    play.deploy(ONE + "\nuserTask b groups=bookkeeper\na -> b", **FORMS)
    started = [play.start() for _ in range(60)]
    refused = _completing(play, started[7])
    play.deploy("startEvent s\nuserTask a groups=bookkeeper\nendEvent e\ns -> a -> e")
    batch_id = play.store.run(
        batches.begin, "migrate", Many("p", version=1), target=Target(2), reason=WHY, by=firm.ma
    )
    assert _batch(play, batch_id).total == 60
    worker.run_due()
    batch = _batch(play, batch_id)
    assert (batch.done, batch.refused_count, batch.finished_at is not None) == (59, 1, True)
    assert batch.refused[0]["instance"] == str(refused)
    assert batch.refused[0]["problems"][0]["code"] == "gone"
    assert {version_of(play, each) for each in started if each != refused} == {2}
    assert version_of(play, refused) == 1
    assert play.jobs() == []


def _completing(play: Play, instance: UUID) -> UUID:
    query = select(WorkItem.id).where(WorkItem.instance_id == instance, WorkItem.element == "a")
    play.store.run(work_items.complete, play.rows(query)[0][0], {"x": "1"}, by=None)
    return instance


def _batch(play: Play, batch_id: UUID) -> Batch:
    found = play.store.read(queries.get, batch_id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("act", "before", "after"),
    [
        ("suspend", "running", "suspended"),
        ("cancel", "running", "cancelled"),
        ("cancel", "suspended", "cancelled"),
    ],
)
def test_all_of_a_definition_are_suspended_or_cancelled(
    play: Play, worker: Worker, firm: Firm, act: str, before: str, after: str
) -> None:
    play.deploy(ONE, **FORMS)
    started = [play.start() for _ in range(5)]
    if before == "suspended":
        for each in started:
            play.store.run(instances.suspend, each, reason=WHY, by=None)
    play.deploy(TWO, **FORMS)
    newer = play.start()
    play.store.run(batches.begin, act, Many("p", version=1), reason=WHY, by=firm.ma)
    worker.run_due()
    assert {play.state(each) for each in started} == {after}
    assert play.state(newer) == "running"


def test_all_versions_are_resumed_when_none_is_named(play: Play, worker: Worker, firm: Firm) -> None:
    play.deploy(ONE, **FORMS)
    started = [play.start()]
    play.deploy(TWO, **FORMS)
    started.append(play.start())
    for act, state in (("suspend", "suspended"), ("resume", "running")):
        play.store.run(batches.begin, act, Many("p"), reason=WHY, by=firm.ma)
        worker.run_due()
        assert {play.state(each) for each in started} == {state}
    kinds = [row.kind for row in play.rows(select(HistoryEvent.kind).where(HistoryEvent.chain == "firm"))]
    assert (kinds.count("batch.begun"), kinds.count("batch.finished")) == (2, 2)


def test_a_batch_is_narrowed_to_a_client_and_a_period(play: Play, worker: Worker, firm: Firm) -> None:
    play.deploy(ONE, **FORMS)
    others = play.start()
    august, september = (
        play.store.run(instances.start, "p", {}, by=None, client=firm.client, period=period)
        for period in ("2026-08", "2026-09")
    )
    many = Many("p", client="0001", period="2026-08")
    play.store.run(batches.begin, "suspend", many, reason=WHY, by=firm.ma)
    worker.run_due()
    assert [play.state(each) for each in (others, august, september)] == ["running", "suspended", "running"]


def test_a_batch_can_be_stopped_and_keeps_what_it_did(play: Play, worker: Worker, firm: Firm) -> None:
    play.deploy(ONE, **FORMS)
    started = play.start()
    batch_id = play.store.run(batches.begin, "cancel", Many("p"), reason=WHY, by=firm.ma)
    play.store.run(batches.stop, batch_id, by=firm.ma)
    worker.run_due()
    assert play.state(started) == "running"
    assert _batch(play, batch_id).finished_at is not None


def test_a_batch_whose_beginner_was_disabled_is_left_to_an_operator(
    play: Play, worker: Worker, firm: Firm, clock: TestClock
) -> None:
    play.deploy(ONE, **FORMS)
    started = play.start()
    boss = play.store.run(people.create, "mo", "Mo", roles=["manager"], by=None)
    mo = play.store.read(people.load, boss)
    batch_id = play.store.run(batches.begin, "cancel", Many("p"), reason=WHY, by=mo)
    play.store.run(people.disable, "mo", by=None)
    for _ in range(3):
        worker.run_due()
        clock.advance(timedelta(hours=1))
    assert play.state(started) == "running"
    assert "may not act any more" in (_batch(play, batch_id).error or "")
    assert [each.job_id for each in play.incidents()] == [batch_id]
    play.store.run(batches.stop, batch_id, by=firm.ma)
    assert play.incidents() == []


def test_an_instance_that_ended_meanwhile_stops_no_other(play: Play, worker: Worker, firm: Firm) -> None:
    play.deploy(ONE, **FORMS)
    parent, child = play.start(), play.start()
    change = update(Instance).where(Instance.id == child).values(parent_id=parent, parent_wait=1)
    play.store.run(lambda uow: uow.connection.execute(change).rowcount)
    batch_id = play.store.run(batches.begin, "suspend", Many("p"), reason=WHY, by=firm.ma)
    worker.run_due()
    batch = _batch(play, batch_id)
    assert (batch.done, batch.refused_count) == (1, 1)
    assert {play.state(each) for each in (parent, child)} == {"suspended"}


def test_an_act_that_is_none_or_has_no_target_is_refused(play: Play, firm: Firm) -> None:
    play.deploy(ONE, **FORMS)
    for act in ("explode", "migrate"):
        with pytest.raises(InvalidInput):
            play.store.run(batches.begin, act, Many("p"), reason=WHY, by=firm.ma)


def test_the_statements_of_a_migration_do_not_grow_with_what_waits(play: Play) -> None:
    drawing = "startEvent s\nuserTask a groups=bookkeeper each='= items' item=it\nendEvent e\ns -> a -> e"
    play.deploy(drawing)
    few, many = (play.start(items=[Decimal(number) for number in range(count)]) for count in (2, 40))
    play.deploy(drawing.replace("groups=bookkeeper", "groups=reviewer"))
    numbers = []
    play.store.run(migrations.plan, few, Target(), by=None)  # the new version is read and compiled once
    for each in (few, many):
        with counted(play.store) as statements:
            migrate(play, each)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1]
    roles = play.rows(select(Candidate.name, func.count()).group_by(Candidate.name))
    assert [tuple(each) for each in roles] == [("reviewer", 42)]


def test_the_report_of_a_batch_is_plain_data(play: Play, worker: Worker, firm: Firm) -> None:
    play.deploy(ONE, **FORMS)
    play.start()
    play.deploy("startEvent s\nuserTask other groups=bookkeeper\ns -> other")
    batch_id = play.store.run(
        batches.begin, "migrate", Many("p", version=1), target=Target(2), reason=WHY, by=firm.ma
    )
    worker.run_due()
    refusal = _batch(play, batch_id).refused[0]
    assert json.loads(json.dumps(refusal)) == refusal
    assert [str(each) for each in batches.problems_of(refusal)] == [refusal["message"]]
