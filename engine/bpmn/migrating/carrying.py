"""Carrying tokens, scopes and what can be undone over to another version: a new case beside the old one, which stays as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.case import Case
from engine.bpmn.formulas import Trouble
from engine.bpmn.migrating.findings import Findings
from engine.bpmn.migrating.places import (
    Places,
    around_of,
    awaits,
    can_begin,
    home,
    kind_of,
    repeats,
    same_kind,
)
from engine.bpmn.migrating.repeating import check_body
from engine.bpmn.moment import Moment
from engine.bpmn.nodes.base import ElementSpec, write_local
from engine.bpmn.nodes.rounds import BodySpec
from engine.bpmn.scopes import Scope
from engine.bpmn.step import Happened, Opened
from engine.bpmn.tokens import UNDOING, Done, Token

BEGINNING = frozenset({"new", "enter"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A wait that stays: what is said of it now, and which fields of its row are to be changed."""

    opened: Opened
    changed: frozenset[str] = frozenset()


@dataclass(slots=True)
class Carrying:
    """A migration under way. ``since``: when waits began that do not know it themselves; ``wrapped``: new sub-processes."""

    old: Case
    new: Case
    places: Places
    moment: Moment
    since: Mapping[int, datetime]
    findings: Findings = field(default_factory=Findings)
    pairs: list[tuple[Token, Token]] = field(default_factory=list)
    wrapped: dict[tuple[int, str], Token] = field(default_factory=dict)
    kept: list[Kept] = field(default_factory=list)

    def token(self, old: Token) -> Token | None:
        """Return what became of a token."""
        return self.new.tasks.get(old.id)

    def same_scope(self, wait: int, old: Token, new: Token) -> Scope:
        """Return the scope that a wait has: as before, unless its token has come into a new sub-process."""
        number = self.old.waits[wait].scope
        return new.scope if number == old.scope.id else self.new.scopes[number]

    def began(self, wait: int, anchor: datetime | None = None) -> Moment:
        """Return the world as it was when a wait began, as far as times go."""
        return replace(self.moment, now=anchor or self.since.get(wait, self.moment.now))

    def trouble(self, token: Token, element: ElementSpec, trouble: Trouble) -> None:
        """Note that something of the new version cannot be evaluated."""
        self.findings.add(
            "expression", token.task_spec.element.id, element.element.id, message=trouble.message
        )


def carry_tokens(work: Carrying) -> None:
    """Put every token before its element of the new version, with its scopes."""
    for scope in work.old.scopes.values():
        _scope(work.new, scope)
    for token in work.old.tasks.values():
        host = None if token.host is None else work.token(token.host)
        node = _node(work, token)
        if node is None or (token.host is not None and host is None):
            continue
        if host is not None:
            host = _host(work, token, node, host)
            if host is None:
                continue
        _token(work, token, node, host)


def carry_done(work: Carrying) -> None:
    """Carry over what has been completed and can be undone."""
    for number, done in work.old.done.items():
        host = work.new.tasks.get(number)
        if host is None:
            continue
        throws = UNDOING in host.counts
        found = [_done(work, each, host, throws=throws) for each in done]
        work.new.done[number] = [each for each in found if each is not None]


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


def _done(work: Carrying, old: Done, host: Token, *, throws: bool) -> Done | None:
    before = work.places.old.nodes[old.node]
    element = before.element
    after = work.places.node(old.node)
    target = work.places.id_of(element.id)
    if after is None:
        work.findings.add("gone", element.id, target, name=element.name)
        return None
    same_way = _undone_by(before) == _undone_by(after)
    if not same_kind(before, after) or not after.compensable or not same_way:
        work.findings.add("compensation_gone", element.id, target, name=element.name)
        return None
    place = home(work.places.new, after)
    if not throws and place is not host.task_spec:
        work.findings.add("nesting", element.id, target, name=element.name)
        return None
    inside = [_inner(work, each) for each in old.inside]
    return Done(after.name, old.local, old.frame, [each for each in inside if each is not None])


def _inner(work: Carrying, old: Done) -> Done | None:
    """Carry over what was done inside of something that is done itself."""
    before = home(work.places.old, work.places.old.nodes[old.node])
    after = work.places.node(old.node)
    around = None if before is None else work.places.node(before.name)
    if after is not None and home(work.places.new, after) is not around:
        element = work.places.old.nodes[old.node].element
        work.findings.add("nesting", element.id, after.element.id, name=element.name)
        return None
    return _done(work, old, work.new.root or work.pairs[0][1], throws=True)


def _undone_by(node: ElementSpec) -> tuple[bool, bool]:
    """Tell whether an element has a handler that undoes it, and whether a compensation event sub-process does."""
    return node.handler is not None, node.undo_process is not None
