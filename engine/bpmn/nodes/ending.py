"""How an instance ends, in every way it can."""

from __future__ import annotations

from typing import Any, Literal

from engine.bpmn.case import Case
from engine.bpmn.scopes import HIDDEN
from engine.bpmn.step import Ended


def output(case: Case) -> dict[str, Any]:
    """Return the variables that the instance leaves behind."""
    values = case.root_scope.values
    return {name: value for name, value in values.items() if not name.startswith(HIDDEN)}


def finish(
    case: Case, state: Literal["completed", "terminated", "cancelled", "failed"], **more: Any
) -> None:
    """End the instance: whatever still waits is cancelled."""
    if case.root is not None and not case.root.gone:
        if case.root._children or state != "completed":  # noqa: SLF001 - SpiffWorkflow keeps the children there
            case.cancel_inside(case.root)
        case.close_attached(case.root)
    case.completed = True
    case.recording.ended = Ended(state, output(case), **more)


def fail(case: Case, code: str, message: str) -> None:
    """End a called instance with an error for its caller."""
    finish(case, "failed", code=code, message=message)
