"""Tokens that came to an element and do not run it yet, counted by scope and sequence flow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.bpmn.case import Case
from engine.bpmn.tokens import Token

if TYPE_CHECKING:
    from engine.bpmn.nodes.base import ElementSpec


def gathered(case: Case, host: Token, spec: ElementSpec, flow: str) -> bool:
    """Tell whether an activity may begin now that a token came: with ``startQuantity`` tokens (BPMN 2.0.2, 13.3.2)."""
    wanted = spec.element.start_quantity
    if wanted <= 1:
        return True
    counts = case.arrivals.setdefault(host.id, {}).setdefault(spec.name, {})
    counts[flow] = counts.get(flow, 0) + 1
    case.unsettle(host)
    if sum(counts.values()) < wanted:
        return False
    forget(case, host, spec.name)
    return True


def consume(case: Case, host: Token, name: str) -> None:
    """Take one token of each flow that has some."""
    for flow in list(case.arrivals[host.id][name]):
        take(case, host, name, flow)


def take(case: Case, host: Token, name: str, flow: str) -> None:
    """Take one token that came in through a flow."""
    counts = case.arrivals[host.id][name]
    counts[flow] -= 1
    if not counts[flow]:
        del counts[flow]
    if not counts:
        forget(case, host, name)
    case.unsettle(host)


def forget(case: Case, host: Token, name: str) -> None:
    """Let go of all tokens that wait before an element."""
    del case.arrivals[host.id][name]
    if not case.arrivals[host.id]:
        del case.arrivals[host.id]
