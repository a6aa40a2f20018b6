"""BPMN errors on their way outwards: through the instance where they are thrown, then through those that called it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn import runtime
from engine.bpmn.step import Step
from engine.commands import _definitions, _running
from engine.commands._running import Running
from store.unit_of_work import UnitOfWork


def throw(  # noqa: PLR0917 - where it is thrown, and what
    uow: UnitOfWork, running: Running, wait: int, code: str, message: str, variables: Mapping[str, Any]
) -> Step:
    """Throw an error from a wait. Caught nowhere at all it is an incident there: failing its callers would undo their work."""
    outwards = not runtime.catches(running.case, wait, code) and _is_caught_outside(uow, running, code)
    moment = _definitions.moment(uow)
    return runtime.throw_error(running.case, wait, code, message, dict(variables), moment, outwards=outwards)


def _is_caught_outside(uow: UnitOfWork, running: Running, code: str) -> bool:
    while running.parent_id is not None and running.parent_wait is not None:
        parent, wait = _running.lock(uow, running.parent_id), running.parent_wait
        if parent.case.completed or wait not in parent.case.waits:
            return False
        if runtime.catches(parent.case, wait, code):
            return True
        running = parent
    return False
