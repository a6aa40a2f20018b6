"""What tokens wait for themselves: it stays, and what the new version says differently of it is applied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from engine.bpmn.formulas import Trouble
from engine.bpmn.migrating.carrying import Carrying, Kept
from engine.bpmn.migrating.places import same_event
from engine.bpmn.migrating.planning import differs, planned_again
from engine.bpmn.model import ElementModel
from engine.bpmn.nodes.activities import CallSpec, UserSpec
from engine.bpmn.nodes.attaching import Awaited, Opening, evaluate_event, open_event
from engine.bpmn.nodes.events import CatchSpec
from engine.bpmn.step import JobOpened, Opened, TimerOpened, UserTaskOpened
from engine.bpmn.tokens import Token, WaitInfo

PLAIN = ("lane", "form", "headers", "separate_from", "waits_for_client")
"""Fields of a user task that are no expressions."""
GROUPS = ("candidate_groups", "candidate_users", "lane_role")
ASKED = {"assignee": "assignee", "due": "due_at", "follow_up": "follow_up_at", "priority": "priority"}
"""Expressions of a user task → the field of the work item."""
OF_JOB = ("topic", "headers", "retries")
STRUCTURE = ("element", "name", "scope")


def carry_waits(work: Carrying) -> None:
    """Carry over what the tokens wait for."""
    for old, new in work.pairs:
        if old.wait is None:
            continue
        info = work.old.waits[old.wait]
        element, scope = new.task_spec.element, work.same_scope(old.wait, old, new)
        work.new.waits[old.wait] = WaitInfo(element.id, scope.id, info.kind, new.id, info.event)
        if info.kind == "condition":
            work.new.conditions[old.wait] = ()
        try:
            _WAITS[info.kind](work, old, new, old.wait)
        except Trouble as trouble:
            work.trouble(old, new.task_spec, trouble)


def keep(work: Carrying, opened: Opened, old: ElementModel, changed: set[str]) -> None:
    """Note a wait that stays; what of its place differs is changed too."""
    before = (old.id, old.name, work.old.waits[opened.wait].scope)
    after = (opened.element, opened.name, opened.scope)
    fields = changed | {
        name for name, was, is_now in zip(STRUCTURE, before, after, strict=True) if was != is_now
    }
    work.kept.append(Kept(opened, frozenset(fields)))
    told = sorted(fields - {"element", "scope", "due_at"})
    if told:
        work.findings.add("updated", old.id, opened.element, name=old.name, what=", ".join(told))
    elif not fields:
        work.findings.add("kept", old.id, opened.element, name=old.name)


def plain(work: Carrying, new: Token, wait: int) -> dict[str, object]:
    """Return what is said of every wait."""
    element, scope = new.task_spec.element, work.new.waits[wait].scope
    return {"wait": wait, "element": element.id, "name": element.name, "scope": scope}


def _user(work: Carrying, old: Token, new: Token, wait: int) -> None:
    before, after = old.task_spec.element, new.task_spec.element
    changed = {name for name in PLAIN if getattr(before, name) != getattr(after, name)}
    changed |= {field for name, field in ASKED.items() if getattr(before, name) != getattr(after, name)}
    if any(getattr(before, name) != getattr(after, name) for name in GROUPS):
        changed.add("candidates")
    opened = UserTaskOpened(
        **plain(work, new, wait),  # type: ignore[arg-type]
        lane=after.lane,
        form=after.form,
        headers=after.headers,
        separate_from=after.separate_from,
        waits_for_client=after.waits_for_client,
    )
    asked = changed & {*ASKED.values(), "candidates"}
    if asked and isinstance(new.task_spec, UserSpec):
        opened = _asked_again(work, new, wait)
    for other in sorted(set(after.separate_from) - set(before.separate_from)):
        _check_duty(work, after, other)
    keep(work, opened, before, changed)


def _asked_again(work: Carrying, new: Token, wait: int) -> UserTaskOpened:
    """Evaluate a user task of the new version as if it had been opened when its work item was."""
    case = work.new
    case.moment = work.began(wait)
    try:
        new.task_spec.begin(new)
    finally:
        case.moment = work.moment
    opened = case.recording.opened.pop(wait)
    if not isinstance(opened, UserTaskOpened):
        raise TypeError(opened)
    return opened


def _check_duty(work: Carrying, element: ElementModel, other: str) -> None:
    known = {work.places.id_of(each) for each in work.places.old.process.elements}
    if other not in known:
        work.findings.add("duty_unknown", target=element.id, name=element.name, what=other)


def _job(work: Carrying, old: Token, new: Token, wait: int) -> None:
    before, after = old.task_spec.element, new.task_spec.element
    opened = JobOpened(
        **plain(work, new, wait),  # type: ignore[arg-type]
        topic=after.topic or "",
        retries=after.retries,
        headers=after.headers,
    )
    keep(work, opened, before, {name for name in OF_JOB if getattr(before, name) != getattr(after, name)})


def _child(work: Carrying, old: Token, new: Token, wait: int) -> None:
    """Let the called instance run on, as long as the new version calls the same process."""
    if isinstance(old.task_spec, CallSpec) and isinstance(new.task_spec, CallSpec):
        before, after = old.task_spec.formulas["process"], new.task_spec.formulas["process"]
        if before.text != after.text:
            called = (
                work.old.evaluate(before, old.inner_scope),
                work.new.evaluate(after, new.inner_scope),
            )
            if called[0] != called[1]:
                element = old.task_spec.element
                work.findings.add(
                    "called_process",
                    element.id,
                    new.task_spec.element.id,
                    name=element.name,
                    before=str(called[0]),
                    after=str(called[1]),
                )
    was, now = old.task_spec.element.id, new.task_spec.element.id
    work.findings.add("child_kept", was, now)
    changed = frozenset({"element"} if was != now else ())
    work.kept.append(Kept(Opened(**plain(work, new, wait)), changed))  # type: ignore[arg-type]


def _event(work: Carrying, old: Token, new: Token, wait: int) -> None:
    """Keep the wait of a catch event or receive task, or open it again when it is for something else now."""
    before, after = old.task_spec, new.task_spec
    if not isinstance(before, CatchSpec) or not isinstance(after, CatchSpec):
        raise TypeError(before.element.id)
    timer, scope = after.catching.timer, work.new.scopes[work.new.waits[wait].scope]
    if timer is not None and before.catching.timer is not None and differs(timer, before.catching.timer):
        due = planned_again(work, timer, scope, wait)
        if due is None:
            work.findings.add("timer_over", before.element.id, after.element.id, name=before.element.name)
            return
        plan_timer(work, wait, due.at, old=before.element, element=after.element)
        return
    if same_event(before.catching, after.catching):
        keep(work, Opened(**plain(work, new, wait)), before.element, set())  # type: ignore[arg-type]
        return
    awaited = evaluate_event(work.new, after.catching, scope)
    if awaited is not None:
        open_again(work, new, wait, Opening(after, awaited, scope))


def plan_timer(work: Carrying, wait: int, due: datetime, *, old: ElementModel, element: ElementModel) -> None:
    """Move a timer that stays to another due time."""
    opened = TimerOpened(
        wait=wait, element=element.id, name=element.name, scope=work.new.waits[wait].scope, due_at=due
    )
    work.findings.add("timer_planned", old.id, element.id, name=old.name, due=_local(work, due))
    keep(work, opened, old, {"due_at"})


def _local(work: Carrying, due: datetime) -> str:
    return f"{due.astimezone(work.moment.zone):%Y-%m-%d %H:%M}"


def open_again(work: Carrying, new: Token, wait: int, opening: Opening) -> None:
    """Let a wait that stays wait for something else."""
    open_event(work.new, new, wait, opening)
    element, awaited = opening.element.element, opening.awaited
    if awaited.kind == "condition":
        work.new.recording.opened.pop(wait, None)
        work.new.unasked.add(wait)
        work.findings.add("condition_asked", target=element.id, name=element.name)
    else:
        work.findings.add("subscribed", target=element.id, name=element.name, event=_shown(awaited))


def _shown(awaited: Awaited) -> str:
    return awaited.event if awaited.key is None else f"{awaited.event} ({awaited.key})"


def _incident(work: Carrying, old: Token, new: Token, wait: int) -> None:
    keep(work, Opened(**plain(work, new, wait)), old.task_spec.element, set())  # type: ignore[arg-type]


_WAITS: Mapping[str, Callable[[Carrying, Token, Token, int], None]] = {
    "user": _user,
    "job": _job,
    "child": _child,
    "timer": _event,
    "message": _event,
    "signal": _event,
    "condition": _event,
    "incident": _incident,
}
