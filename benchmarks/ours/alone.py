"""The engine of (b) without the store: each move reads the state and the variables from JSON, moves, and writes them again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks import diagrams
from benchmarks.diagrams import BLOB, PAIRS
from benchmarks.timing import Measured, Watch, each, expect
from engine import feel
from engine.bpmn import parser, runtime, specs, state
from engine.bpmn.step import Step, VariableSet

MOMENT = runtime.Moment(datetime(2026, 1, 31, 4, 0, tzinfo=UTC), ZoneInfo("Asia/Shanghai"))


def steps_alone(count: int) -> Measured:
    """Measure what one of the twenty tasks of (b) costs the engine, over ``count`` instances."""
    model = parser.parse(diagrams.steps(diagrams.FEEL).encode(), "steps.bpmn")
    spec = specs.compile_spec(model, "steps", ())
    _through(spec)
    watch = Watch()
    ended = sum(_through(spec) for _ in range(count))
    line = each(2 * PAIRS * count, watch)
    expect(ended, count, "instances of (b) that ended without the store")
    return line


def _through(spec: specs.Spec) -> bool:
    """Take one instance from its start to its end; return whether it got there."""
    kept: dict[tuple[int, str], str] = {}
    given = {"letter": BLOB, "most": Decimal(0), "amount": Decimal(1)}
    case, step = runtime.start(spec, given, MOMENT)
    while step.ended is None:
        _keep(kept, step)
        body = state.dump(case)
        variables = [(scope, name, feel.from_json(json.loads(text))) for (scope, name), text in kept.items()]
        case = state.load(spec, body, variables)
        [wait] = [opened.wait for opened in step.opened]
        step = runtime.complete(case, wait, {}, MOMENT)
    return True


def _keep(kept: dict[tuple[int, str], str], step: Step) -> None:
    for change in step.variables:
        if isinstance(change, VariableSet):
            text: Any = feel.to_json(change.value)
            kept[change.scope, change.name] = json.dumps(text, ensure_ascii=False)
