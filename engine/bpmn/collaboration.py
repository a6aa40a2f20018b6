"""Pools and message flows: they are not run, and still have to say something that can be."""

from __future__ import annotations

from engine.bpmn.model import FLOW_NODES
from engine.bpmn.xml_source import BPMN, Problems, Xml, child, children, local_name

WRONG = {
    "sourceRef": (frozenset({"startEvent", "intermediateCatchEvent", "boundaryEvent"}), "sends nothing"),
    "targetRef": (frozenset({"endEvent", "intermediateThrowEvent"}), "receives nothing"),
}
ENDS = FLOW_NODES | {"participant", "transaction", "adHocSubProcess"}
PARTICIPANTS = f"{{{BPMN}}}participant"


def check_collaborations(root: Xml, problems: Problems) -> None:
    """Report message flows that do not lead from one pool to another (BPMN 2.0.2, 9.4), and impossible multiplicities."""
    by_id = {node.get("id"): node for node in root.iter(f"{{{BPMN}}}*") if node.get("id")}
    pools = {each.get("processRef"): each.get("id") for each in root.iter(PARTICIPANTS)}
    for collaboration in children(root, "collaboration"):
        for flow in children(collaboration, "messageFlow"):
            _message_flow(flow, by_id, pools, problems)
        for participant in children(collaboration, "participant"):
            _multiplicity(participant, problems)


def _message_flow(
    flow: Xml, by_id: dict[str | None, Xml], pools: dict[str | None, str | None], problems: Problems
) -> None:
    between = []
    for end in ("sourceRef", "targetRef"):
        name = (flow.get(end) or "").rpartition(":")[2]
        node = by_id.get(name)
        if node is None or local_name(node) not in ENDS:
            what = "nothing of this file" if node is None else f"a {local_name(node)}"
            message = f"The message flow «{flow.get('id')}» is drawn to «{name}», which is {what}."
            advice = "Draw it between pools, or elements of different pools."
            problems.at("message-flow-end", message, advice, flow)
            return
        kinds, why = WRONG[end]
        if local_name(node) in kinds:
            message = (
                f"The message flow «{flow.get('id')}» is drawn to «{name}», a {local_name(node)} that {why}."
            )
            problems.at("message-flow-end", message, "Turn it round, or use another event.", node)
        between.append(_pool_of(node, pools))
    if between[0] == between[1]:
        message = f"The message flow «{flow.get('id')}» stays within one pool."
        problems.at("message-flow-inside", message, "Draw a sequence flow, or lead it to another pool.", flow)


def _pool_of(node: Xml, pools: dict[str | None, str | None]) -> str | None:
    """Return the id of the pool that an element lies in (of its process when that has no pool)."""
    found: Xml | None = node
    while found is not None:
        if local_name(found) == "participant":
            return str(found.get("id"))
        if local_name(found) == "process":
            return pools.get(found.get("id")) or str(found.get("id"))
        found = found.getparent()
    return None


def _multiplicity(participant: Xml, problems: Problems) -> None:
    found = child(participant, "participantMultiplicity")
    if found is None:
        return
    least, most = _number(found.get("minimum"), 0), _number(found.get("maximum"), 1)
    if least is None or most is None or least < 0 or most < max(1, least):
        shown = participant.get("name") or participant.get("id")
        message = (
            f"The pool «{shown}» takes part at least {found.get('minimum', '0')} and at most "
            f"{found.get('maximum', '1')} times, which cannot be."
        )
        problems.at("multiplicity", message, "Give a minimum of 0 or more and a maximum not below it.", found)


def _number(text: str | None, absent: int) -> int | None:
    if text is None:
        return absent
    try:
        return int(text)
    except ValueError:
        return None
