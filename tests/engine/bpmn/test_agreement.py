"""What a file says of pools, references and the ends of its flows must agree with itself."""

from __future__ import annotations

import pytest

from engine.bpmn.gate import Known
from engine.bpmn.problem import Problem, refusing
from tests.engine.bpmn.asking import check
from tests.engine.bpmn.drawing import bpmn

TEXT = "startEvent s\nsendTask a message=m\nendEvent e\ns -> a -> e"


def with_top(xml: str, text: str = TEXT) -> list[Problem]:
    file = bpmn(text).replace(b"</bpmn:definitions>", f"{xml}</bpmn:definitions>".encode())
    return check({"p.bpmn": file}, Known())


def pools(inside: str) -> str:
    return (
        '<bpmn:collaboration id="c"><bpmn:participant id="own" processRef="p"/><bpmn:participant id="bank"/>'
        f"{inside}</bpmn:collaboration>"
    )


def flow(source: str, target: str) -> str:
    return pools(f'<bpmn:messageFlow id="f" sourceRef="{source}" targetRef="{target}"/>')


@pytest.mark.parametrize(("source", "target"), [("a", "bank"), ("bank", "own"), ("bank", "s")])
def test_message_flows_lead_from_one_pool_to_another(source: str, target: str) -> None:
    assert refusing(with_top(flow(source, target))) == []


@pytest.mark.parametrize(
    ("source", "target", "element", "rule"),
    [
        ("a", "own", "f", "message-flow-inside"),
        ("bank", "bank", "f", "message-flow-inside"),
        ("s", "bank", "s", "message-flow-end"),
        ("bank", "e", "e", "message-flow-end"),
        ("bank", "s_a", "f", "message-flow-end"),
        ("bank", "message-m", "f", "message-flow-end"),
        ("bank", "gone", "f", "message-flow-end"),
    ],
)
def test_other_message_flows_are_refused_by_name(source: str, target: str, element: str, rule: str) -> None:
    [problem] = with_top(flow(source, target))
    assert (problem.element, problem.rule) == (element, rule)


@pytest.mark.parametrize(
    ("least", "most", "sound"),
    [
        ("0", "1", True),
        ("2", "5", True),
        ("-1", "1", False),
        ("0", "0", False),
        ("3", "2", False),
        ("x", "1", False),
    ],
)
def test_a_pool_takes_part_a_possible_number_of_times(least: str, most: str, *, sound: bool) -> None:
    inside = f'<bpmn:participantMultiplicity minimum="{least}" maximum="{most}"/>'
    found = with_top(
        f'<bpmn:collaboration id="c"><bpmn:participant id="x">{inside}</bpmn:participant></bpmn:collaboration>'
    )
    assert [(each.element, each.rule) for each in found] == ([] if sound else [("x", "multiplicity")])


@pytest.mark.parametrize(
    ("xml", "element"),
    [
        ('<bpmn:message id="n" itemRef="p"/>', "n"),
        ('<bpmn:message id="n" itemRef="gone"/>', "n"),
        ('<bpmn:partnerEntity id="n"><bpmn:participantRef>p</bpmn:participantRef></bpmn:partnerEntity>', "n"),
        ('<bpmn:collaboration id="c"><bpmn:participant id="n" processRef="a"/></bpmn:collaboration>', "n"),
    ],
)
def test_references_name_things_of_the_right_kind(xml: str, element: str) -> None:
    [problem] = with_top(xml)
    assert (problem.element, problem.rule) == (element, "reference-kind")


def test_the_operation_of_a_message_only_documents_and_must_be_one() -> None:
    interface = '<bpmn:interface id="i"><bpmn:operation id="o"/></bpmn:interface>'
    text = TEXT.replace("sendTask a", "<A")
    task = '<bpmn:sendTask id="a" messageRef="n" operationRef="%s"/><bpmn:sequenceFlow id="x" sourceRef="s" targetRef="a"/>'
    message = '<bpmn:message id="n" name="n"/>'
    text = "startEvent s\n" + task
    assert with_top(interface + message, text % "o") == []
    [problem] = with_top(interface + message, text % "n")
    assert (problem.element, problem.rule) == ("a", "reference-kind")


def test_a_service_task_with_an_operation_is_refused() -> None:
    text = 'startEvent s\n<bpmn:serviceTask id="a" operationRef="o"/>\ns -> a'
    assert "not-run-operation-ref" in [each.rule for each in with_top("", text)]


LISTED = """<bpmn:startEvent id="s"><bpmn:outgoing>s_a</bpmn:outgoing></bpmn:startEvent>
<bpmn:task id="a"><bpmn:incoming>s_a</bpmn:incoming><bpmn:outgoing>%s</bpmn:outgoing></bpmn:task>
<bpmn:endEvent id="e"><bpmn:incoming>a_e</bpmn:incoming></bpmn:endEvent>
s -> a -> e"""


def test_flows_listed_at_their_ends_are_those_that_are_drawn() -> None:
    assert with_top("", LISTED % "a_e") == []
    bare = 'startEvent s\n<bpmn:task id="a"><bpmn:incoming>s_a</bpmn:incoming></bpmn:task>\nendEvent e\ns -> a -> e'
    assert with_top("", bare) == [], "a node that lists nothing says nothing wrong"
    found = with_top("", LISTED % "s_a")
    assert [(each.element, each.rule, each.level) for each in found] == [("a", "flow-list", "error")]
    assert found[0].message.endswith("drawn: s_a, and not a_e.")


def test_a_flow_that_is_drawn_and_not_listed_beside_others_is_a_hint() -> None:
    second = '\n<bpmn:endEvent id="f"/>\na -> f'
    found = with_top("", LISTED % "a_e" + second)
    assert [(each.element, each.rule, each.level) for each in found] == [("a", "flow-list", "warning")]


@pytest.mark.parametrize(
    ("direction", "sound"),
    [("Diverging", True), ("Unspecified", True), ("Converging", False), ("Mixed", False)],
)
def test_a_gateway_goes_in_its_direction(direction: str, *, sound: bool) -> None:
    text = f"""startEvent s
<bpmn:parallelGateway id="g" gatewayDirection="{direction}"/>
task a
task b
s -> g
g -> a
g -> b"""
    assert [each.rule for each in with_top("", text)] == ([] if sound else ["gateway-direction"])


def test_a_public_process_is_not_executable() -> None:
    xml = bpmn(TEXT).replace(b'isExecutable="true"', b'isExecutable="true" processType="Public"')
    assert [(each.element, each.rule) for each in check({"p.bpmn": xml}, Known())] == [
        ("p", "process-public")
    ]


@pytest.mark.parametrize(
    ("of_item", "of_object", "sound"), [("true", "true", True), ("true", "false", False)]
)
def test_a_data_object_is_a_list_where_its_item_definition_is(
    of_item: str, of_object: str, *, sound: bool
) -> None:
    text = f'{TEXT}\n<bpmn:dataObject id="d" itemSubjectRef="i" isCollection="{of_object}"/>'
    found = with_top(f'<bpmn:itemDefinition id="i" isCollection="{of_item}"/>', text)
    assert [(each.element, each.rule) for each in found] == ([] if sound else [("d", "collection-differs")])


def test_a_property_outside_of_every_process_is_refused() -> None:
    assert [(each.element, each.rule) for each in with_top('<bpmn:property id="x"/>')] == [
        ("x", "property-misplaced")
    ]
