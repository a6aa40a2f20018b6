"""Compensation (BPMN 2.0.2, 13.5.5): what has been done is remembered, and undone in reverse order when that is thrown.

What a token completed is remembered at its host. A sub-process that is completed takes what is remembered inside along,
and its variables stay as they were (their scope is kept open), so that its inner handlers see them. Undoing is done one
after the other inside the token that throws; what was a sub-process gets a token that stands for it meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.tokens import UNDOING, Done, Token

if TYPE_CHECKING:
    from engine.bpmn.case import Case
    from engine.bpmn.nodes.base import ElementSpec

ONE_BY_ONE, BY_ITS_PROCESS = 1, 2
"""How a token undoes: what is pending, one after the other; or by a compensation event sub-process of its own."""


def remember(token: Token) -> None:
    """Remember that a token has completed its element, when something in it can be undone."""
    case, spec, host = token.workflow, token.task_spec, token.host
    inside = case.done.pop(token.id, [])
    handler = _outer(case, spec).handler
    is_one = _outer(case, spec) is not spec
    has_own = handler is not None and not is_one and not _is_body(spec)
    if host is None or not spec.compensable or has_own:
        case.forget_done(inside)
        inside = []
    if host is None or not spec.compensable:
        return
    undone_itself = handler is not None and not _is_body(spec)
    if not (inside or undone_itself or spec.undo_process is not None):
        return
    done = Done(spec.name, None, None, inside)
    if token.local is not None:
        token.local.counters = {}  # they count what is running, and are not stored
    if not has_own:
        done.local = token.local.id if token.local is not None else None
        done.frame = token.frame.id if token.frame is not None else None
        token.local = token.frame = None
    case.done.setdefault(host.id, []).append(done)


def throw(token: Token, activity: str | None) -> bool:
    """Begin to undo an activity of the token's surroundings, or all of them; True when there is nothing to undo."""
    case, pending = token.workflow, list[Done]()
    for host in _surroundings(token):
        done = case.done.get(host.id, [])
        taken, rest = list[Done](), list[Done]()
        for each in done:
            is_meant = activity in (None, case.definition.nodes[each.node].element.id)
            (taken if is_meant else rest).append(each)
        case.done.pop(host.id, None)
        if rest:
            case.done[host.id] = rest
        if host is not token.host:
            _keep_out(case, host, taken)
        pending = taken + pending
    case.happened("compensation.thrown", token, activity=activity or "")
    if not pending:
        return True
    case.done[token.id] = pending
    token.counts[UNDOING] = ONE_BY_ONE
    _go_on(token)
    return UNDOING not in token.counts  # what is remembered of no instance at all is undone at once


def _keep_out(case: Case, host: Token, taken: list[Done]) -> None:
    """Let handlers run in a scope inside ``host``, where the activity was, not in that of the event sub-process that throws."""
    for each in taken:
        if each.local is None and each.frame is None:
            each.frame = case.open_scope(host.inner_scope).id


def emptied(host: Token) -> None:
    """Learn that no token is left inside: undoing goes on with the next, anything else is done."""
    if UNDOING in host.counts:
        _go_on(host)
    else:
        host.task_spec.emptied(host)


def _surroundings(token: Token) -> Iterator[Token]:
    """Return the token's host, and the one around it as long as that is an event sub-process."""
    host = token.host
    while host is not None:
        yield host
        host = host.host if host.task_spec.element.triggered else None


def _go_on(host: Token) -> None:
    case = host.workflow
    pending = case.done.get(host.id)
    if pending and host.counts[UNDOING] == ONE_BY_ONE:
        done = pending.pop()
        if not pending:
            del case.done[host.id]
        _undo(host, done)
        return
    case.forget_done(case.done.pop(host.id, []))
    if not host.task_spec.stands_in:
        del host.counts[UNDOING]
        host.task_spec.emptied(host)
        return
    around = host.host
    case.retire(host)
    if around is not None and around.is_empty:
        emptied(around)


def _undo(host: Token, done: Done) -> None:
    case, nodes = host.workflow, host.workflow.definition.nodes
    spec = nodes[done.node]
    handler = None if _is_body(spec) else _outer(case, spec).handler
    if handler is not None and done.frame is None and done.local is None:
        case.spawn(host, handler)
        return
    stand_in = _stand_in(host, spec, done)
    if handler is not None:
        case.forget_done(done.inside)
        case.spawn(stand_in, handler)
        return
    if done.inside:
        case.done[stand_in.id] = done.inside
    if spec.undo_process is not None:
        stand_in.counts[UNDOING] = BY_ITS_PROCESS
        case.spawn(stand_in, spec.undo_process)
        return
    _go_on(stand_in)


def _stand_in(host: Token, spec: ElementSpec, done: Done) -> Token:
    """Put a token in the place of one that is completed, with its variables; it never leaves by a flow."""
    case = host.workflow
    token = Token(case, spec, host, case.number())
    token.counts[UNDOING] = ONE_BY_ONE
    token.stage = "inside"
    if done.frame is not None:
        token.framed(case.scopes[done.frame])
    if done.local is not None:
        token.local = case.scopes[done.local]
    token.mark(TaskState.STARTED)
    return token


def _outer(case: Case, spec: ElementSpec) -> ElementSpec:
    """Return the body around one instance of a repeated activity; any other element itself."""
    return case.definition.nodes.get(spec.element.id, spec)


def _is_body(spec: ElementSpec) -> bool:
    return hasattr(spec, "inner")
