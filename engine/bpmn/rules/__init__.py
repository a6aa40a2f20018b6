"""The rules of the gate, one family a module; each family is a table of questions asked of every process."""

from __future__ import annotations

from engine.bpmn.known import Known
from engine.bpmn.model import Model
from engine.bpmn.rules import (
    compensation,
    completeness,
    events,
    expressions,
    flows,
    listeners,
    reachability,
    references,
    starts,
)
from engine.bpmn.rules.asking import Question
from engine.bpmn.xml_source import Problems

FAMILIES = (
    starts,
    flows,
    reachability,
    events,
    compensation,
    completeness,
    references,
    expressions,
    listeners,
)


def check_model(model: Model, known: Known, problems: Problems) -> None:
    """Ask every question of every executable process of a file."""
    if not model.processes:
        message = "The file has no executable process."
        problems.add("nothing-executable", message, "Mark a process as executable in the properties panel.")
    for process in model.processes:
        question = Question(process, known, problems)
        for family in FAMILIES:
            family.check(question)
