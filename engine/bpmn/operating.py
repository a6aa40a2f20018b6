"""What an operator does to the tokens of one case, by kind of change; and beginning in the middle."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.case import Case
from engine.bpmn.moving import Move, move
from engine.bpmn.places import Place, Target
from engine.bpmn.skipping import Repeat, Skip, repeat, skip
from engine.bpmn.tokens import Token

Change = Move | Skip | Repeat


def change_tokens(case: Case, change: Change) -> None:
    """Do one change; the case is not run."""
    if isinstance(change, Move):
        move(case, change)
    elif isinstance(change, Skip):
        skip(case, change)
    else:
        repeat(case, change)


def begin_at(case: Case, variables: Mapping[str, Any], target: Target) -> None:
    """Give an empty case its root, whose event sub-processes listen, and its first token at ``target``."""
    spec = case.definition.root
    root = Token(case, spec, None, case.number())
    case.root = case.task_tree = root
    for name, value in variables.items():
        case.declare(case.root_scope, name, value)
    root.stage = "enter"
    case.happened("element.entered", root)
    openings = spec.prepare(root)
    root.stage = "inside"
    root.mark(TaskState.STARTED)
    for opening in openings:
        opening.open(root)
    move(case, Move(put=(target,)))


def begin_again(case: Case, variables: Mapping[str, Any], target: Target) -> None:
    """Empty a case, let its event sub-processes listen anew, and put its first token at ``target``."""
    root = case.root
    if root is None:
        raise TypeError(case.definition.process.id)
    gone = [name for name in case.root_scope.values if name not in variables]
    case.cancel_inside(root)
    case.close_attached(root)
    for name, value in {**variables, **dict.fromkeys(gone)}.items():
        if name not in case.root_scope.values or case.root_scope.values[name] != value:
            case.declare(case.root_scope, name, value)
    for opening in case.definition.root.openings(root):
        opening.open(root)
    move(case, Move(put=(target,)))


__all__ = ["Change", "Move", "Place", "Repeat", "Skip", "Target", "begin_again", "begin_at", "change_tokens"]
