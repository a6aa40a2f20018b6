"""The gate: a set of files is deployable or it is not, and every reason why not is told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.bpmn import parser
from engine.bpmn.known import Known
from engine.bpmn.model import Model
from engine.bpmn.problem import Problem
from engine.bpmn.rules import check_model
from engine.bpmn.xml_source import Problems

__all__ = ["Known", "Problem", "check"]


def check(files: Mapping[str, bytes], known: Known) -> list[Problem]:
    """Return every problem of all BPMN files together, warnings included; without errors they can be deployed."""
    found: list[Problem] = []
    models: list[tuple[Model, Problems]] = []
    for file in sorted(files):
        problems = Problems(file)
        model, read = parser.read_once(files[file], file)
        problems.found.extend(read)
        if model is not None:
            models.append((model, problems))
        else:
            found.extend(problems.found)
    if known.processes is not None:
        own = {process.id for model, _problems in models for process in model.processes}
        known = replace(known, processes=known.processes | own)
    for model, problems in models:
        check_model(model, known, problems)
        found.extend(problems.found)
    found.extend(_twice(models))
    found.extend(_calls(models))
    return sorted(found, key=lambda problem: (problem.file, problem.line, problem.rule, problem.element))


def _twice(models: list[tuple[Model, Problems]]) -> list[Problem]:
    places: dict[str, str] = {}
    found = []
    for model, _problems in models:
        for process in model.processes:
            if process.id in places:
                message = f"The process «{process.id}» is also in {places[process.id]}."
                advice = "Give one of them another id; a process has one file."
                found.append(
                    Problem(
                        model.file, process.id, process.name, process.line, "process-twice", message, advice
                    )
                )
            places.setdefault(process.id, model.file)
    return found


def _calls(models: list[tuple[Model, Problems]]) -> Iterator[Problem]:
    """Report calls of processes that begin by an event only."""
    processes = {process.id: process for model, _problems in models for process in model.processes}
    for model, _problems in models:
        for process in model.processes:
            for element in process.elements.values():
                called = processes.get(element.call.process) if element.call is not None else None
                if called is not None and all(start.kind != "none" for start in called.start_events):
                    message = f"It calls «{called.id}», which has no start event without an event."
                    advice = "Give the called process a plain start event beside the others."
                    yield Problem(
                        model.file, element.id, element.name, element.line, "call-startless", message, advice
                    )
