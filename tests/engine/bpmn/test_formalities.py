"""What BPMN asks of a file for its own sake: a hint where it runs all the same, a refusal where it says nothing."""

from __future__ import annotations

import pytest

from engine.bpmn.gate import Known, check
from engine.bpmn.problem import Problem
from tests.engine.bpmn.drawing import bpmn

PLAIN = "startEvent s\ntask a\nendEvent e\ns -> a -> e"


def told(xml: bytes) -> list[tuple[str, str, str]]:
    found: list[Problem] = check({"p.bpmn": xml}, Known())
    return [(each.element, each.rule, each.level) for each in found]


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        ("<bpmn:textAnnotation id='n' textFormat='text/plain'/>", []),
        ("<bpmn:textAnnotation id='n' textFormat='plain'/>", [("n", "text-format", "warning")]),
        (
            (
                "<bpmn:dataObject id='o' name='Order'/><bpmn:dataObjectReference id='r' dataObjectRef='o' name='Order [paid]'>"
                "<bpmn:dataState name='paid'/></bpmn:dataObjectReference>"
            ),
            [],
        ),
        (
            (
                "<bpmn:dataObject id='o' name='Order'/><bpmn:dataObjectReference id='r' dataObjectRef='o' name='Paid one'>"
                "<bpmn:dataState name='paid'/></bpmn:dataObjectReference>"
            ),
            [("r", "data-state-name", "warning")],
        ),
    ],
)
def test_what_only_documents_is_hinted_at(xml: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(bpmn(f"{PLAIN}\n{xml}")) == expected


@pytest.mark.parametrize(
    ("format_", "level"),
    [
        ("", "warning"),
        ("application/javascript", None),
        ("text/x-groovy; charset=utf-8", None),
        ("groovy", "warning"),
        ("nonsense", "error"),
    ],
)
def test_a_script_says_its_language(format_: str, level: str | None) -> None:
    given = f"scriptFormat='{format_}'" if format_ else ""
    task = (
        f"<bpmn:scriptTask id='a' {given}><bpmn:extensionElements><zeebe:taskDefinition type='t'/>"
        "</bpmn:extensionElements><bpmn:script>x</bpmn:script></bpmn:scriptTask>"
    )
    found = told(bpmn(f"startEvent s\n{task}\nendEvent e\ns -> a -> e"))
    assert found == ([("a", "script-format", level)] if level else [])


@pytest.mark.parametrize("language", ["http://www.omg.org/spec/FEEL", "feel", "groovy", "urn:x-feel"])
def test_expressions_name_their_language_by_a_uri_or_a_known_name(language: str) -> None:
    assert told(_language(language)) == []


def test_what_is_no_language_is_refused() -> None:
    assert told(_language("not a uri!")) == [("a_e", "language-uri", "error")]


def _language(language: str) -> bytes:
    xml = bpmn("startEvent s\ntask a\nendEvent e\nendEvent f\ns -> a\na -> e : = x > 1\na => f")
    return xml.replace(
        b"<bpmn:conditionExpression ", f'<bpmn:conditionExpression language="{language}" '.encode()
    )


def test_a_flow_that_is_not_immediate_is_hinted_at() -> None:
    xml = bpmn(PLAIN).replace(b'id="s_a"', b'id="s_a" isImmediate="false"')
    assert told(xml) == [("s_a", "flow-immediate", "warning")]


def test_a_start_without_any_end_beside_it_is_hinted_at_where_it_stands() -> None:
    inside = "startEvent s\nsubProcess a {\nstartEvent b\ntask c\nb -> c\n}\nendEvent e\ns -> a -> e"
    assert told(bpmn(inside)) == [("b", "end-missing", "warning")]


LISTED = (
    "<bpmn:startEvent id='s'>{out}</bpmn:startEvent>\n"
    "<bpmn:task id='a'><bpmn:incoming>s_a</bpmn:incoming>{more}</bpmn:task>\n"
    "<bpmn:endEvent id='e'>{into}</bpmn:endEvent>\ns -> a -> e"
)


@pytest.mark.parametrize(
    ("out", "into", "expected"),
    [
        ("s_a", "a_e", []),
        ("", "a_e", [("s", "flow-unlisted", "error")]),
        ("s_a", "", [("e", "flow-unlisted", "error")]),
    ],
)
def test_a_start_or_end_that_alone_lists_no_flow_is_refused(
    out: str, into: str, expected: list[tuple[str, str, str]]
) -> None:
    assert told(_listed(out, into, "a_e")) == expected


def test_lists_that_an_editor_has_begun_in_a_file_without_any_are_left_alone() -> None:
    assert told(_listed("", "", "")) == []


def _listed(out: str, into: str, more: str) -> bytes:
    given = {
        "out": f"<bpmn:outgoing>{out}</bpmn:outgoing>" if out else "",
        "into": f"<bpmn:incoming>{into}</bpmn:incoming>" if into else "",
        "more": f"<bpmn:outgoing>{more}</bpmn:outgoing>" if more else "",
    }
    return bpmn(LISTED.format(**given))


POOLS = (
    '<bpmn:collaboration id="c"><bpmn:participant id="own" processRef="p"/><bpmn:participant id="bank"/>'
    '<bpmn:messageFlow id="f" sourceRef="e" targetRef="bank"/></bpmn:collaboration></bpmn:definitions>'
)


@pytest.mark.parametrize(
    ("end", "expected"),
    [("", [("e", "message-flow-silent", "warning")]), ("message=m", [])],
)
def test_an_end_event_that_messages_leave_sends_one(end: str, expected: list[tuple[str, str, str]]) -> None:
    xml = bpmn(f"startEvent s\nendEvent e {end}\ns -> e")
    assert told(xml.replace(b"</bpmn:definitions>", POOLS.encode())) == expected


def test_a_start_event_that_messages_lead_into_waits_for_one() -> None:
    flow = POOLS.replace('sourceRef="e" targetRef="bank"', 'sourceRef="bank" targetRef="s"')
    xml = bpmn("startEvent s\nendEvent e\ns -> e").replace(b"</bpmn:definitions>", flow.encode())
    assert told(xml) == [("s", "message-flow-silent", "warning")]


def test_an_empty_expression_is_hinted_at() -> None:
    loop = "<bpmn:loopCardinality xsi:type='bpmn:tFormalExpression'>2</bpmn:loopCardinality>"
    loop += "<bpmn:completionCondition xsi:type='bpmn:tFormalExpression'/>"
    task = f"<bpmn:task id='a'><bpmn:multiInstanceLoopCharacteristics>{loop}</bpmn:multiInstanceLoopCharacteristics></bpmn:task>"
    xml = bpmn(f"startEvent s\n{task}\nendEvent e\ns -> a -> e")
    assert told(xml) == [("a", "expression-empty", "warning")]


def test_operations_are_asked_for_in_files_of_no_dialect_only() -> None:
    xml = bpmn("startEvent s\nendEvent e message=m\ns -> e")
    assert told(xml) == []
    foreign = xml.replace(b'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" ', b"")
    assert told(foreign) == [("e", "operation-missing", "warning")]


def test_a_flow_that_is_listed_wrongly_and_the_one_that_is_missed_are_both_named() -> None:
    xml = _listed("s_a", "gone", "a_e")
    [problem] = check({"p.bpmn": xml}, Known())
    assert problem.message == "«e» lists other incoming flows than are drawn: gone, and not a_e."
