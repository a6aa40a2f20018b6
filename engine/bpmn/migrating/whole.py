"""The whole of a migration: check, carry over, and run what can go on in the new version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from engine.bpmn import runtime
from engine.bpmn.case import Case
from engine.bpmn.migrating.arriving import carry_arrivals, complete_joins
from engine.bpmn.migrating.carrying import Carrying, Kept
from engine.bpmn.migrating.events import carry_events
from engine.bpmn.migrating.findings import Finding, Findings
from engine.bpmn.migrating.places import Mapped, places_of
from engine.bpmn.migrating.placing import carry_tokens, order_scopes
from engine.bpmn.migrating.starving import check_joins
from engine.bpmn.migrating.undoing import carry_done
from engine.bpmn.migrating.waiting import carry_waits
from engine.bpmn.moment import Moment
from engine.bpmn.nodes import conditions
from engine.bpmn.recording import Recording
from engine.bpmn.specs import Spec
from engine.bpmn.step import Step
from engine.errors import Conflict

T = TypeVar("T")
NOTHING = Step()


@dataclass(frozen=True, slots=True)
class Migration:
    """A migration that was prepared: with ``problems`` there is no case, no step, and nothing has happened.

    ``kept`` are the waits that stay, with what is to be changed of their rows; ``step`` is everything else. The case that
    was given is as it was.
    """

    problems: tuple[Finding, ...]
    changes: tuple[Finding, ...]
    case: Case | None = None
    step: Step = NOTHING
    kept: tuple[Kept, ...] = ()


def migrate(
    case: Case,
    spec: Spec,
    moment: Moment,
    *,
    mapped: Mapped | None = None,
    since: Mapping[int, datetime] | None = None,
) -> Migration:
    """Carry a case over to another version, where ``mapped`` says what has another id there.

    ``since`` tells when the waits were opened, for what is planned again from then. Conflict when the case has ended.
    """
    if case.completed:
        message = "The instance has ended; there is nothing to migrate."
        raise Conflict(message)
    places, new = places_of(case.definition, spec, mapped or {}), _beside(case, spec, moment)
    work = Carrying(case, new, places, moment, since or {})
    places.check(work.findings)
    _carry_start(work)
    carry_tokens(work)
    carry_done(work)
    if not work.findings.problems:
        carry_arrivals(work)
        carry_waits(work)
        carry_events(work)
    if not work.findings.problems:
        check_joins(work)
    if work.findings.problems:
        return Migration(work.findings.problems, work.findings.changes)
    return _run(work)


def _carry_start(work: Carrying) -> None:
    """Let an instance that could not even begin yet do so at the start event of the new version."""
    start = work.old.start_node
    if not start:
        return
    work.new.start_node = work.places.id_of(start)
    if work.new.start_node not in work.places.new.nodes:
        work.findings.add("gone", start, work.new.start_node)


def _beside(case: Case, spec: Spec, moment: Moment) -> Case:
    new = Case(spec, called=case.called)
    new.last_number, new.terminated = case.last_number, case.terminated
    new.moment, new.recording = moment, Recording()
    return new


def _run(work: Carrying) -> Migration:
    case = work.new
    if work.wrapped:
        order_scopes(case)
    case.waits, case.attached = (
        _in_order(case.waits, work.old.waits),
        _in_order(case.attached, work.old.attached),
    )
    for wait in case.conditions:
        conditions.note(case, wait)
    case.unsettled.update(case.arrivals)
    told = len(case.recording.history)
    complete_joins(case)
    step = runtime.run(case)
    _tell_begun(work.findings, step, told)
    return Migration((), work.findings.changes, case, step, tuple(work.kept))


def _in_order(found: dict[int, T], order: Iterable[int]) -> dict[int, T]:
    """Return what was there before in its old order, then what is new."""
    first = [number for number in order if number in found]
    return {number: found[number] for number in dict.fromkeys((*first, *found))}


def _tell_begun(findings: Findings, step: Step, told: int) -> None:
    for each in step.history[told:]:
        if each.kind == "element.entered":
            findings.add("entered", target=each.element, name=each.name)
