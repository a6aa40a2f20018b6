"""Activities that run several times and ad-hoc sub-processes: what may change of them while they are under way."""

from __future__ import annotations

from engine.bpmn.migrating.findings import Findings
from engine.bpmn.migrating.places import Places
from engine.bpmn.nodes.adhoc import NEXT, AdHocSpec
from engine.bpmn.nodes.base import ElementSpec
from engine.bpmn.nodes.multi import MultiSpec
from engine.bpmn.tokens import Token


def check_body(places: Places, findings: Findings, token: Token, new: ElementSpec) -> bool:
    """Tell whether what is counted at a token means the same in the new version; note what does not."""
    old = token.task_spec
    if token.stage == "enter" or not token.counts:
        return True
    if isinstance(old, MultiSpec) and isinstance(new, MultiSpec):
        return _check_multi(findings, token, old, new)
    if isinstance(old, AdHocSpec) and isinstance(new, AdHocSpec):
        return _check_ad_hoc(places, findings, token.counts.get(NEXT, 0), (old, new))
    return True


def _check_multi(findings: Findings, token: Token, old: MultiSpec, new: MultiSpec) -> bool:
    before, after = old.loop, new.loop
    done = token.counts.get("done", 0)
    results = (before.output_collection is None) != (after.output_collection is None)
    differs = {
        "order (one after the other, or all at once)": before.sequential != after.sequential,
        "item variable": before.item != after.item,
        "result variable": before.output_variable != after.output_variable,
        "collected result, of which some are there already,": bool(done) and results,
    }
    for what, is_so in differs.items():
        if is_so:
            element = old.element
            findings.add("loop_differs", element.id, new.element.id, name=element.name, what=what)
    return not any(differs.values())


def _check_ad_hoc(places: Places, findings: Findings, begun: int, pair: tuple[AdHocSpec, AdHocSpec]) -> bool:
    old, new = pair
    before = [places.node(each.name) for each in old.first[:begun]]
    if old.sequential != new.sequential:
        findings.add("loop_differs", old.element.id, new.element.id, name=old.element.name, what="order")
        return False
    if new.sequential:
        if before == new.first[:begun]:
            return True
        findings.add("ad_hoc_order", old.element.id, new.element.id, name=old.element.name)
        return False
    for each in new.first:
        if each not in before:
            findings.add("not_begun", target=each.element.id, name=each.element.name)
    return True
