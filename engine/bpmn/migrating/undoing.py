"""What has been completed and can be undone: it stays so when it can be undone in the same way."""

from __future__ import annotations

from engine.bpmn.migrating.carrying import Carrying
from engine.bpmn.migrating.places import home, same_kind
from engine.bpmn.nodes.base import ElementSpec
from engine.bpmn.tokens import UNDOING, Done, Token


def carry_done(work: Carrying) -> None:
    """Carry over what has been completed and can be undone."""
    for number, done in work.old.done.items():
        host = work.token(number)
        if host is None:
            continue
        throws = UNDOING in host.counts
        found = [_done(work, each, host, throws=throws) for each in done]
        work.new.done.setdefault(host.id, []).extend(each for each in found if each is not None)


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
