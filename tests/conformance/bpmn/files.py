"""Cases of kind ``refuse`` and ``parse``: what the gate says of a file, and whether reading it loses anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.bpmn import gate
from engine.bpmn.model import Model
from engine.bpmn.problem import refusing
from tests.conformance.bpmn.entries import Entry, Suites
from tests.conformance.bpmn.translating import translate
from tests.conformance.bpmn.verdicts import PASSED, Refused, Verdict, compared, names_one_of, read_models

WARNING_IS_ENOUGH = "a warning that names the element is enough"
"""How the suite's notes say that a rule is one of documentation, or that models which must run break it."""


def judge_refusal(_suites: Suites, entry: Entry, case: Mapping[str, Any]) -> Verdict:
    """Pass when the file is refused with a message that names the culprit; where the suite says so, a warning is enough."""
    names = case["message_must_name_one_of"]
    expected = f"refused ({case['rule']}), naming one of {names}"
    problems = gate.check({entry.path.name: translate(entry.path.read_bytes())}, gate.Known())
    refused = refusing(problems)
    counting = problems if WARNING_IS_ENOUGH in entry.notes else refused
    if names_one_of(counting, names):
        return PASSED
    return Verdict("failed", expected, f"refused: {Refused(refused)}" if refused else "deployable")


def judge_reading(_suites: Suites, entry: Entry, case: Mapping[str, Any]) -> Verdict:
    """Pass when every node is kept, or the file is refused with a message that names an element."""
    wanted = {name: case[name] for name in ("flow_nodes", "sequence_flows", "processes")}
    try:
        models = read_models([entry.path])
    except Refused as refused:
        return PASSED if refused.names_an_element else Verdict("failed", str(wanted), f"refused: {refused}")
    return compared(_counts(models), wanted)


def _counts(models: list[Model]) -> Mapping[str, int]:
    processes = [
        process for model in models for process in (*model.processes, *model.drawings) if not process.is_task
    ]
    return {
        "flow_nodes": sum(len(process.elements) for process in processes),
        "sequence_flows": sum(len(process.flows) for process in processes),
        "processes": len(processes),
    }
