"""How an instance ends, in every way it can."""

from __future__ import annotations

from typing import Any, Literal

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.case import Case
from engine.bpmn.step import Ended


def output(case: Case) -> dict[str, Any]:
    """Return the variables that the instance leaves behind: the data outputs of its process, all where it declares none."""
    data, values = case.definition.process.data, case.root_scope.values
    wanted = values if data is None or not data.outputs else data.outputs
    return {name: values[name] for name in wanted if name in values}


def finish(case: Case, state: Literal["completed", "terminated", "cancelled", "failed"], **more: Any) -> None:
    """End the instance: whatever still waits is cancelled."""
    root = case.root
    if root is not None:
        case.cancel_inside(root)
        case.close_attached(root)
        case.forget_done(case.done.pop(root.id, []))
        if root.wait is not None:
            case.close_wait(root.wait, "cancelled")
            root.wait = None
        if not root.has_state(TaskState.COMPLETED):
            root.mark(TaskState.CANCELLED)
    case.completed = True
    case.recording.ended = Ended(state, output(case), **more)


def fail(case: Case, code: str, message: str, sent: dict[str, Any]) -> None:
    """End a called instance with an error for its caller, and what goes with that."""
    finish(case, "failed", code=code, message=message, sent=sent)
