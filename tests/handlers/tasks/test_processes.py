"""What processes/ asks of handlers, and what handlers ask of processes/."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from engine.service_tasks import installed
from handlers import handlers
from handlers.books.chart import chart
from handlers.tasks.notify import LANGUAGES, english_templates, own_templates, template_of
from handlers.tasks.portal import PURPOSES
from tests.handlers.tasks.bench import PROCESSES

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
Step = tuple[str, str, str, dict[str, str], frozenset[str]]


@cache
def steps() -> tuple[Step, ...]:
    """Every service task: file, element, topic, headers, error codes caught at it."""
    return tuple(step for path in sorted(PROCESSES.glob("*/*.bpmn")) for step in _steps(path))


def _steps(path: Path) -> Iterator[Step]:
    root = etree.parse(path).getroot()
    codes = {each.get("id"): each.get("errorCode") for each in root.iter(f"{BPMN}error")}
    for element in root.iter(f"{BPMN}serviceTask"):
        definition = element.find(".//{*}taskDefinition")
        if definition is None:
            continue
        headers = {str(each.get("key")): str(each.get("value")) for each in element.iter("{*}header")}
        caught = (
            codes[reference.get("errorRef")]
            for boundary in root.iter(f"{BPMN}boundaryEvent")
            if boundary.get("attachedToRef") == element.get("id")
            for reference in boundary.iter(f"{BPMN}errorEventDefinition")
            if reference.get("errorRef")
        )
        yield (
            path.stem,
            str(element.get("id")),
            str(definition.get("type")),
            headers,
            frozenset(map(str, caught)),
        )


def test_the_handlers_are_found_by_their_entry_point() -> None:
    assert {handler.topic for handler in installed()} >= {handler.topic for handler in handlers}


def test_every_service_task_has_a_handler() -> None:
    assert steps()
    assert [step[:3] for step in steps() if step[2] not in handlers] == []


def test_every_caught_error_is_one_that_the_handler_declares() -> None:
    unknown = [
        (file, element, sorted(caught - set(handlers[topic].errors)))
        for file, element, topic, _, caught in steps()
        if caught - set(handlers[topic].errors)
    ]

    assert unknown == []


def test_every_header_is_one_of_the_handlers_choices() -> None:
    wrong = [
        (file, element, name, value)
        for file, element, topic, headers, _ in steps()
        for name, value in headers.items()
        for parameter in handlers[topic].parameters
        if parameter.name == name
        and parameter.choices
        and value not in {each for each, *_ in parameter.choices}
    ]

    assert wrong == []


def test_every_mail_template_is_there_in_both_languages() -> None:
    names = {headers["template"] for _, _, topic, headers, _ in steps() if topic == "notify.mail"}

    assert {template_of(name, language).subject for name in names for language in LANGUAGES}
    assert names <= set(english_templates())
    assert {f"portal_{purpose}" for purpose in PURPOSES} <= set(own_templates())


def test_every_handler_is_told_in_both_languages() -> None:
    assert all(handler.topic not in {handler.title, handler.title_en} for handler in handlers)
    assert all(handler.run.__doc__ for handler in handlers)


@pytest.mark.parametrize("vat", ["general", "small_scale"])
def test_the_voucher_rules_name_accounts_that_can_be_posted_to(vat: str) -> None:
    accounts = chart("general" if vat == "general" else "small_scale")
    root = etree.parse(PROCESSES / "firm_policy" / "voucher_rules.dmn").getroot()
    other = "small_scale" if vat == "general" else "general"
    wrong = []
    for rule in root.iter("{*}rule"):
        inputs, outputs = (
            ["".join(entry.itertext()).strip().strip('"') for entry in rule.iter("{*}" + kind)]
            for kind in ("inputEntry", "outputEntry")
        )
        if other not in inputs:
            wrong += [code for code in outputs[:2] if not accounts.is_postable(code)]

    assert wrong == []
