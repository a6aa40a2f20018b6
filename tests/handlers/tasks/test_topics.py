"""Every service task of processes/ finds a handler that takes its headers and throws the errors it catches."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.bpmn.model import ElementModel, ProcessModel
from handlers import handlers
from tests.processes.library import library

Step = tuple[ProcessModel, ElementModel]


def steps() -> Iterator[Step]:
    for process in library().processes:
        yield from ((process, element) for element in process.elements.values() if element.topic)


STEPS = sorted(steps(), key=lambda step: (step[0].id, step[1].id))
NAMES = [f"{process.id}.{element.id}" for process, element in STEPS]


def test_there_are_steps_of_many_topics() -> None:
    assert len({element.topic for _, element in STEPS}) >= 45


@pytest.mark.parametrize("step", STEPS, ids=NAMES)
def test_a_handler_answers_to_the_topic(step: Step) -> None:
    assert step[1].topic in handlers


@pytest.mark.parametrize("step", STEPS, ids=NAMES)
def test_the_handler_throws_every_error_that_the_step_catches(step: Step) -> None:
    process, element = step
    caught = {
        event.event.code
        for event in process.elements.values()
        if event.attached_to == element.id and event.event and event.event.kind == "error"
    }

    assert caught - {None} <= set(handlers[str(element.topic)].errors)


@pytest.mark.parametrize("step", STEPS, ids=NAMES)
def test_the_handler_knows_every_header_and_its_value(step: Step) -> None:
    element = step[1]
    known = {each.name: each for each in handlers[str(element.topic)].parameters if each.binding == "header"}

    assert set(element.headers) <= set(known)
    for name, value in element.headers.items():
        choices = [value for value, *_ in known[name].choices]
        assert not choices or value in choices


@pytest.mark.parametrize("step", STEPS, ids=NAMES)
def test_every_required_header_is_given(step: Step) -> None:
    element = step[1]
    required = {
        each.name
        for each in handlers[str(element.topic)].parameters
        if each.binding == "header" and each.required
    }

    assert required <= set(element.headers)
