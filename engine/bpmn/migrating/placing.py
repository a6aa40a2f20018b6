"""Putting every token before its element of the new version, with its scopes."""

from __future__ import annotations

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.case import Case
from engine.bpmn.formulas import Trouble
from engine.bpmn.migrating.carrying import Carrying
from engine.bpmn.migrating.dissolving import close_scopes, dissolves
from engine.bpmn.migrating.findings import Findings
from engine.bpmn.migrating.places import around_of, awaits, can_begin, home, kind_of, repeats, same_kind
from engine.bpmn.migrating.repeating import check_body
from engine.bpmn.nodes.base import ElementSpec, write_local
from engine.bpmn.nodes.rounds import BodySpec
from engine.bpmn.scopes import Scope
from engine.bpmn.step import Happened
from engine.bpmn.tokens import UNDOING, Token

BEGINNING = frozenset({"new", "enter"})


def carry_tokens(work: Carrying) -> None:
    """Put every token before its element of the new version, with its scopes."""
    for scope in work.old.scopes.values():
        _scope(work.new, scope)
    for token in work.old.tasks.values():
        host = None if token.host is None else work.token(token.host.id)
        if dissolves(work, token, host):
            continue
        node = _node(work, token)
        if node is None or (token.host is not None and host is None):
            continue
        if host is not None:
            host = _host(work, token, node, host)
            if host is None:
                continue
        _token(work, token, node, host)
    close_scopes(work)


def order_scopes(case: Case) -> None:
    """Put outer scopes before inner ones, as ``state.load`` needs them."""
    depths = {scope.id: len(list(scope.outwards())) for scope in case.scopes.values()}
    case.scopes = dict(sorted(case.scopes.items(), key=lambda pair: (depths[pair[0]], pair[0])))


def _scope(case: Case, old: Scope) -> None:
    scope = case.root_scope
    if old.parent is not None:
        scope = case.scopes[old.id] = Scope(old.id, case.scopes[old.parent.id])
    scope.values, scope.hidden = dict(old.values), dict(old.hidden)


def _node(work: Carrying, token: Token) -> ElementSpec | None:
    """Return where a token goes; None, with the reason noted, when it can go nowhere."""
    old, element = token.task_spec, token.task_spec.element
    target, new = work.places.id_of(element.id), work.places.node(token.task_spec.name)
    if new is None:
        code = "loop_removed" if work.places.has(element.id) else "gone"
        work.findings.add(code, element.id, target, name=element.name)
        return None
    if token.stage in BEGINNING and UNDOING not in token.counts and can_begin(new):
        return new
    if _differs(work.findings, old, new) or not check_body(work.places, work.findings, token, new):
        return None
    return new


def _differs(findings: Findings, old: ElementSpec, new: ElementSpec) -> bool:
    """Tell whether what has begun at one element cannot go on at the other, and note why."""
    code, detail = "", {}
    if repeats(old) != repeats(new):
        code = "loop_added" if repeats(new) else "loop_removed"
    elif not same_kind(old, new):
        code = "loop_differs" if repeats(old) else "kind"
        detail = {"what": "kind"} if repeats(old) else {"before": kind_of(old), "after": kind_of(new)}
    elif awaits(old) != awaits(new):
        code, detail = (
            "event_kind",
            {"before": ", ".join(awaits(old)), "after": ", ".join(awaits(new))},
        )
    if code:
        findings.add(code, old.element.id, new.element.id, name=old.element.name, **detail)
    return bool(code)


def _host(work: Carrying, token: Token, node: ElementSpec, host: Token) -> Token | None:
    """Return the token to run inside of: that of the old host, or a new sub-process drawn around."""
    if token.host is None or token.host.task_spec is not home(work.places.old, token.task_spec):
        return host  # it undoes something: it runs inside of what threw
    around = around_of(work.places, node, host.task_spec)
    if around is None or (around and UNDOING in host.counts):
        element = token.task_spec.element
        work.findings.add("nesting", element.id, node.element.id, name=element.name)
        return None
    return wrap_all(work, host, around)


def wrap_all(work: Carrying, host: Token, around: list[ElementSpec]) -> Token:
    """Return the token of the innermost of new sub-processes inside ``host``."""
    for each in reversed(around):
        host = wrap(work, host, each)
    return host


def wrap(work: Carrying, host: Token, spec: ElementSpec) -> Token:
    """Return the token of a new sub-process inside ``host``, begun now without its start event."""
    key = (host.id, spec.name)
    if key in work.wrapped:
        return work.wrapped[key]
    case = work.new
    token = Token(case, spec, host, case.number(), state=TaskState.STARTED)
    token.stage = "inside"
    work.wrapped[key] = token
    local = spec.local_scope(token)
    try:
        for name in spec.element.declares:
            case.declare(local, name, None)
        for mapping in spec.inputs_mapped:
            write_local(case, local, mapping.target, case.evaluate(mapping.source, local))
    except Trouble as trouble:
        work.trouble(token, spec, trouble)
    work.findings.add("wrapped", target=spec.element.id, name=spec.element.name)
    case.happened("element.entered", token)
    return token


def _token(work: Carrying, old: Token, node: ElementSpec, host: Token | None) -> None:
    case = work.new
    token = Token(case, node, host, old.id, state=old.state)
    token.stage, token.wait, token.visited, token.counts = old.stage, old.wait, old.visited, dict(old.counts)
    if old.frame is not None:
        frame = case.scopes[old.frame.id]
        frame.parent = token.scope
        token.framed(frame)
    if old.local is not None:
        token.local = case.scopes[old.local.id]
        token.local.parent = token.scope
    if token.host is None:
        case.root = case.task_tree = token
    if isinstance(node, BodySpec) and "begun" in token.counts:
        node.refresh(token)
    if token.stage == "inside":
        _declare(case, token, node)
    work.pairs.append((old, token))
    _tell_moved(work, old, token)


def _declare(case: Case, token: Token, node: ElementSpec) -> None:
    """Let properties that are new in the new version begin empty."""
    for name in node.element.declares:
        scope = node.local_scope(token)
        if name not in scope.values:
            case.declare(scope, name, None)


def _tell_moved(work: Carrying, old: Token, new: Token) -> None:
    before, after = old.task_spec.element, new.task_spec.element
    if before.id == after.id or old.host is None:
        return
    work.findings.add("moved", before.id, after.id, name=before.name)
    work.new.recording.history.append(
        Happened("element.migrated", after.id, after.name, new.wait or new.visited, {"from": before.id})
    )
