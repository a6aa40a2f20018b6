"""Events beside a token: at its boundary, for an event sub-process in it, behind its gateway, or several of one event."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bpmn.formulas import Trouble
from engine.bpmn.migrating.carrying import Carrying
from engine.bpmn.migrating.places import same_event
from engine.bpmn.migrating.planning import differs, planned_again
from engine.bpmn.migrating.waiting import keep, open_again, plan_timer
from engine.bpmn.nodes.activities import ActivitySpec
from engine.bpmn.nodes.attaching import Catching, Opening, evaluate_event
from engine.bpmn.nodes.base import ElementSpec
from engine.bpmn.nodes.catchers import AttachedSpec, EventStartSpec
from engine.bpmn.nodes.containers import ContainerSpec, EventProcessSpec
from engine.bpmn.nodes.events import CatchSpec
from engine.bpmn.nodes.gateways import EventGatewaySpec
from engine.bpmn.step import Opened
from engine.bpmn.tokens import UNDOING, Attached, Token, WaitInfo

WAITABLE = frozenset({"timer", "message", "signal", "condition"})
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Beside:
    """One event that waits, or could, beside a token."""

    node: ElementSpec
    part: int
    event: Catching

    @property
    def key(self) -> Key:
        """What its record is found by."""
        return self.node.name, self.part


def carry_events(work: Carrying) -> None:
    """Carry over the events beside every token; open those that are new, close those that are gone."""
    for old, new in work.pairs:
        if new.stage == "inside" and UNDOING not in new.counts:
            _events_of(work, old, new)
    for number in work.dissolved:
        for wait in work.old.tasks[number].attached:
            _close(work, work.old.attached[wait])
    for token in work.wrapped.values():
        for beside in _beside(token):
            _open(work, token, beside)


def _events_of(work: Carrying, old: Token, new: Token) -> None:
    before = {each.key: each for each in _beside(old)}
    records = {
        (work.old.attached[wait].element, work.old.attached[wait].part): work.old.attached[wait]
        for wait in old.attached
    }
    if _several_have_come(before, records, old) and _parts(old) != _parts(new):
        element = old.task_spec.element
        work.findings.add("parts_differ", element.id, new.task_spec.element.id, name=element.name)
        return
    images = _images(work, before, old)
    for beside in _beside(new):
        source = images.get(beside.key)
        if source is None or source.event.kind != beside.event.kind:
            _open(work, new, beside)
            continue
        record = records.pop(source.key, None)
        if record is not None:
            _keep(work, (old, new), record, (source, beside))
    for record in records.values():
        _close(work, record)
    if isinstance(new.task_spec, EventGatewaySpec) and not new.attached:
        element = old.task_spec.element
        work.findings.add("nothing_awaited", element.id, new.task_spec.element.id, name=element.name)


def _beside(token: Token) -> list[Beside]:
    """Return every event that may wait beside a token now, in the order in which the runtime opens them."""
    node = token.task_spec
    elements: list[ElementSpec] = []
    if isinstance(node, CatchSpec) and node.catching.parts:
        elements.append(node)
    if isinstance(node, ActivitySpec):
        elements += node.boundaries
    if isinstance(node, ContainerSpec) and not _interrupted(token):
        elements += node.event_processes
    if isinstance(node, EventGatewaySpec):
        elements += [flow.target for flow in node.flows]
    return [
        Beside(each, part, event)
        for each in elements
        if isinstance(each, AttachedSpec | CatchSpec)
        for part, event in enumerate(each.catching.each)
        if event.kind in WAITABLE
    ]


def _interrupted(token: Token) -> bool:
    """Tell whether an interrupting event sub-process runs in a token: then no other may start."""
    inside = (token.workflow.tasks[number].task_spec for number in token.numbers_inside)
    running = {each for each in inside if isinstance(each, EventProcessSpec)}
    starts = (each for each in token.task_spec.event_processes if isinstance(each, EventStartSpec))
    return any(each.process in running and each.element.interrupting for each in starts)


def _several_have_come(before: dict[Key, Beside], records: dict[Key, Attached], token: Token) -> bool:
    own = [key for key in before if key[0] == token.task_spec.name]
    return any(key not in records for key in own)


def _parts(token: Token) -> tuple[tuple[str, ...], bool]:
    catching = getattr(token.task_spec, "catching", Catching("none"))
    return tuple(each.kind for each in catching.each), catching.parallel


def _images(work: Carrying, before: dict[Key, Beside], old: Token) -> dict[Key, Beside]:
    """Find for each event of the new version which event of the old one it is."""
    found: dict[Key, Beside] = {}
    for source in before.values():
        node = work.places.node(source.node.name)
        if node is None:
            continue
        key = (node.name, source.part)
        if key in found:
            element = old.task_spec.element
            work.findings.add("mapped_twice", element.id, node.element.id, name=element.name)
        found[key] = source
    return found


def _keep(work: Carrying, holders: tuple[Token, Token], old: Attached, pair: tuple[Beside, Beside]) -> None:
    """Carry a record over; what waits differently in the new version is planned or opened again."""
    beside, new = pair[1], holders[1]
    record = Attached(
        old.wait, beside.node.name, new.id, old.fired, old.anchor, old.due, old.cycle, old.held, old.part
    )
    info, element = work.old.waits[old.wait], beside.node.element
    work.new.attached[old.wait] = record
    new.attached.append(old.wait)
    scope = work.same_scope(old.wait, holders[0], new)
    work.new.waits[old.wait] = WaitInfo(element.id, scope.id, info.kind, new.id, info.event)
    if info.kind == "condition":
        work.new.conditions[old.wait] = ()
    try:
        _update(work, new, record, pair)
    except Trouble as trouble:
        work.trouble(new, beside.node, trouble)


def _update(work: Carrying, new: Token, record: Attached, pair: tuple[Beside, Beside]) -> None:
    source, beside = pair
    element, wait = beside.node.element, record.wait
    scope = work.new.scopes[work.new.waits[wait].scope]
    before, after = source.event.timer, beside.event.timer
    if before is not None and after is not None and differs(after, before):
        due = planned_again(work, after, scope, wait, anchor=record.anchor, fired=record.fired)
        if due is None:
            _drop(work, new, wait)
            work.findings.add("timer_closed", source.node.element.id, element.id, name=element.name)
            return
        if (due.at, due.cycle) != (record.due, record.cycle):
            record.due, record.cycle = due.at, due.cycle
            plan_timer(work, wait, due.at, old=source.node.element, element=element)
            return
    elif not same_event(source.event, beside.event):
        awaited = evaluate_event(work.new, beside.event, scope)
        if awaited is not None:
            record.held = False
            open_again(work, new, wait, Opening(beside.node, awaited, scope, beside.part))
            return
    opened = Opened(wait=wait, element=element.id, name=element.name, scope=scope.id)
    keep(work, opened, source.node.element, set())


def _open(work: Carrying, token: Token, beside: Beside) -> None:
    """Let a new event begin to wait, as if its token had come just now."""
    scope = token.inner_scope
    try:
        awaited = evaluate_event(work.new, beside.event, scope)
    except Trouble as trouble:
        work.trouble(token, beside.node, trouble)
        return
    if awaited is not None:
        Opening(beside.node, awaited, scope, beside.part).open(token)
        element = beside.node.element
        work.findings.add("event_opened", target=element.id, name=element.name)


def _drop(work: Carrying, token: Token, wait: int) -> None:
    del work.new.attached[wait], work.new.waits[wait]
    token.attached.remove(wait)
    work.new.recording.close(wait, "completed")


def _close(work: Carrying, record: Attached) -> None:
    """Let a wait end that the new version does not have."""
    work.new.recording.close(record.wait, "cancelled")
    element = work.places.old.nodes[record.element].element
    work.findings.add("event_closed", element.id, name=element.name)
