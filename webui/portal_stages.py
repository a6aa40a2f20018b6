"""「您的账做到哪了」: the stage line of each piece of work, from the steps that the drawings show to clients."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

from engine.bpmn.model import ElementModel, ProcessModel
from store.queries import element_counts, instances, portal_pages
from store.queries.portal_pages import Run
from store.queries.scope import Scope
from webui import drawings, flow_order
from webui.formats import zone
from webui.language import by_language
from webui.place import store

SHOWN_LINES = 6
LATELY = timedelta(days=62)
LEFT = ("element.completed", "element.skipped")

State = Literal["done", "now", "next", "later"]


@dataclass(frozen=True, slots=True)
class Stage:
    """One step in plain words; ``inside`` names what is being done in it just now, ``holds`` that another one lies in it."""

    name: str
    expected: str
    state: State
    inside: tuple[Stage, ...] = ()
    holds: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of work: its stages, or the day on which it was finished."""

    title: str
    period: str | None
    stages: tuple[Stage, ...]
    finished_on: date | None = None

    @property
    def done(self) -> int:
        """How many stages are over."""
        return sum(stage.state == "done" for stage in self.stages)


@dataclass(frozen=True, slots=True)
class _Traces:
    """What one instance has passed and where it stands."""

    completed: frozenset[str]
    waiting: frozenset[str]
    called: frozenset[str]


def lines(client_id: UUID, now: datetime) -> list[Line]:
    """Return the stage lines of a client, work in hand first, then what was finished lately."""
    runs = store().read(portal_pages.runs, client_id, now - LATELY)
    inside: dict[UUID, list[Run]] = {}
    for run in runs:
        if run.parent_id is not None:
            inside.setdefault(run.parent_id, []).append(run)
    by_id = {run.id: run for run in runs}
    tops = [run for run in runs if not _is_shown_inside(run, by_id.get(run.parent_id or run.id))]
    found = {(line.title, line.period): line for run in reversed(tops) if (line := _line(run, inside))}
    return sorted(found.values(), key=_newest_first)[:SHOWN_LINES]


def _newest_first(line: Line) -> tuple[bool, int]:
    return line.finished_on is not None, -(line.finished_on or date.max).toordinal()


def _is_shown_inside(run: Run, parent: Run | None) -> bool:
    """Tell whether the line of the calling instance has a stage for this one."""
    if parent is None or parent.id == run.id:
        return False
    views = _views(drawings.process_of(parent.definition_id))
    return any(each.call is not None and each.call.process == run.process for each in views)


def _line(run: Run, inside: dict[UUID, list[Run]]) -> Line | None:
    title = drawings.process_title(drawings.process_of(run.definition_id), run.process_name)
    stages = _stages(run, inside)
    if not stages:
        return None
    if run.ended_at is not None and any(stage.state == "done" for stage in stages):
        return Line(title, run.period, stages, run.ended_at.astimezone(zone()).date())
    return Line(title, run.period, stages) if any(stage.state == "now" for stage in stages) else None


def _stages(run: Run, inside: dict[UUID, list[Run]]) -> tuple[Stage, ...]:
    process = drawings.process_of(run.definition_id)
    views = _views(process)
    if process is None or not views:
        return ()
    children = [child for child in inside.get(run.id, ()) if child.ended_at is None]
    traces = _traces(run, children)
    states = [_state(process, each, traces) for each in views]
    last = max((place for place, state in enumerate(states) if state != "later"), default=-1)
    usual = flow_order.order(process, with_boundaries=False)
    found: list[Stage] = []
    for place, (each, state) in enumerate(zip(views, states, strict=True)):
        if state == "later" and (place < last or each.id not in usual):
            continue  # passed by on the way taken, or only for when something goes wrong
        now_inside = _now_in(each, children, inside) if state == "now" else ()
        first_to_come = state == "later" and all(stage.state in ("done", "now") for stage in found)
        made = _stage(each, "next" if first_to_come else state, now_inside)
        found.append(replace(made, holds=state == "now" and _holds_another(process, each, traces, views)))
    return tuple(found)


def _holds_another(
    process: ProcessModel, element: ElementModel, traces: _Traces, views: list[ElementModel]
) -> bool:
    return any(
        other.id != element.id
        and _lies_in(process, other.id, element.id)
        and _state(process, other, traces) == "now"
        for other in views
    )


def _stage(element: ElementModel, state: State, inside: tuple[Stage, ...]) -> Stage:
    view = element.client_view
    if view is None:
        return Stage(element.name, "", state, inside)
    return Stage(
        by_language(view.label, view.label_en), by_language(view.expected, view.expected_en), state, inside
    )


def _now_in(
    element: ElementModel, children: Iterable[Run], inside: dict[UUID, list[Run]]
) -> tuple[Stage, ...]:
    """Return what is being done now in the instances that a step has called."""
    if element.call is None:
        return ()
    called = [child for child in children if child.process == element.call.process]
    return tuple(
        stage
        for child in called
        for stage in _stages(child, inside)
        if stage.state == "now" and not stage.holds
    )


def _state(process: ProcessModel, element: ElementModel, traces: _Traces) -> State:
    if element.call is not None and element.call.process in traces.called:
        return "now"
    if any(_lies_in(process, place, element.id) for place in traces.waiting):
        return "now"
    return "done" if element.id in traces.completed else "later"


def _lies_in(process: ProcessModel, place: str | None, element: str) -> bool:
    while place is not None:
        if place == element:
            return True
        shape = process.elements.get(place)
        place = shape.parent if shape is not None else None
    return False


def _traces(run: Run, children: Iterable[Run]) -> _Traces:
    """Read what an instance of the link's client has passed; the link is what allows it."""
    reader = Scope(run.id, "", all_clients=True)
    passed = store().read(element_counts.passed, reader, run.id)
    tokens = store().read(instances.tokens, reader, instance_id=run.id) if run.ended_at is None else ()
    return _Traces(
        completed=frozenset(row.element for row in passed if row.kind in LEFT),
        waiting=frozenset(token.element for token in tokens if token.kind != "child"),
        called=frozenset(child.process for child in children),
    )


def _views(process: ProcessModel | None) -> list[ElementModel]:
    """Return the steps that clients see, in the order in which the flows reach them."""
    if process is None:
        return []
    seen = [each for each in process.elements.values() if each.client_view and each.client_view.label]
    order = flow_order.order(process)
    return sorted(seen, key=lambda each: order.get(each.id, len(order)))
