"""Sub-processes that are gone in the new version: what runs inside goes on in what was around them, with their variables."""

from __future__ import annotations

from engine.bpmn.case import Case
from engine.bpmn.migrating.carrying import Carrying
from engine.bpmn.migrating.places import is_plain
from engine.bpmn.scopes import Scope
from engine.bpmn.step import Happened
from engine.bpmn.tokens import UNDOING, Token


def dissolves(work: Carrying, token: Token, host: Token | None) -> bool:
    """Tell whether a token stands for a sub-process that is gone and can be done without; let go of it then.

    What it does at its end (output mappings) or when it is undone could not be done any more, so such a one stays.
    """
    node, element = token.task_spec, token.task_spec.element
    if host is None or work.places.has(element.id) or element.id in work.places.by_hand:
        return False
    if not is_plain(node) or token.stage != "inside" or UNDOING in token.counts or token.wait is not None:
        return False
    if node.outputs_mapped or node.undo_process is not None or node.handler is not None:
        return False
    hidden = sorted(name for name in token.inner_scope.values if host.inner_scope.lookup(name)[0])
    if hidden:
        work.findings.add("own_variables", element.id, name=element.name, what=", ".join(hidden))
        return True
    work.dissolved[token.id] = host
    if token.local is not None:
        _hand_over(work.new, work.new.scopes[token.local.id], host)
    work.findings.add("dissolved", element.id, name=element.name)
    work.new.recording.history.append(Happened("element.cancelled", element.id, element.name))
    return True


def close_scopes(work: Carrying) -> None:
    """Put what lay in the scopes of dissolved sub-processes into those around, and close them."""
    for number, host in work.dissolved.items():
        local = work.old.tasks[number].local
        if local is None:
            continue
        gone = work.new.scopes[local.id]
        work.new.changed.update(gone.values)
        for scope in work.new.scopes.values():
            if scope.parent is gone:
                scope.parent = host.inner_scope
        work.new.close_scope(gone)


def _hand_over(case: Case, scope: Scope, host: Token) -> None:
    for name, value in scope.values.items():
        case.declare(host.inner_scope, name, value)
