"""What the gate says of data: ends, directions, sets, types; what cannot be copied is refused by name."""

from __future__ import annotations

import pytest

from engine.bpmn.gate import Known
from tests.engine.bpmn.asking import check
from tests.engine.bpmn.drawing import FORMAL, bpmn
from tests.engine.bpmn.test_data import OBJECTS, assigned, into, out, spec, transformed

ITEMS = (
    '<bpmn:itemDefinition id="text" structureRef="String"/><bpmn:itemDefinition id="number" structureRef="int"/>'
    '<bpmn:itemDefinition id="texts" structureRef="String" isCollection="true"/>'
    '<bpmn:message id="m" name="m" itemRef="text"/>'
    '<bpmn:error id="bad" errorCode="bad" structureRef="text"/>'
)


def told(inner: str, kind: str = "task", more: str = OBJECTS, top: str = ITEMS) -> list[tuple[str, str, str]]:
    tag = kind.split(maxsplit=1)[0]
    xml = bpmn(f'startEvent s\n{more}\n<bpmn:{kind} id="a">{inner}</bpmn:{tag}>\ns -> a')
    xml = xml.replace(b"</bpmn:definitions>", f"{top}</bpmn:definitions>".encode())
    return [(each.element, each.rule, each.level) for each in check({"p.bpmn": xml}, Known())]


def rules(inner: str, kind: str = "task", more: str = OBJECTS) -> set[str]:
    return {rule for _element, rule, level in told(inner, kind, more) if level == "error"}


SOUND = spec("given", "made") + into("r", "given") + out("made", "r")
OTHER = f'<bpmn:task id="b">{spec("theirs")}</bpmn:task>'


def test_what_is_drawn_soundly_is_let_through() -> None:
    assert told(SOUND) == []
    assert told(spec("given") + into("r", "given", transformed("= order"))) == []
    assert told(spec("given") + into("r", "given", assigned("= order", "given.part"))) == []


@pytest.mark.parametrize(
    ("inner", "rule"),
    [
        (spec("given") + into("nothing", "given"), "data-end"),
        (spec("given") + into("s", "given"), "data-end"),
        (spec("given") + into("store", "given"), "not-run-data-store"),
        (spec("given", "made") + into("made", "given"), "data-direction"),
        (spec("given", "made") + out("given", "r"), "data-direction"),
        (spec("given") + into("r", "theirs"), "data-direction"),
        (spec("given") + into("r", "given", "<bpmn:transformation/>"), "data-empty"),
        (spec("given") + into("r", "given", transformed("order")), "not-feel"),
        (spec("given") + into("r", "given", transformed("= (")), "expression"),
        (spec("given") + into("r", "given", assigned("= 1", "elsewhere")), "data-assignment"),
        (spec("given") + into("r</bpmn:sourceRef><bpmn:sourceRef>r", "given"), "data-sources"),
        (
            '<bpmn:ioSpecification><bpmn:dataInput id="x"/><bpmn:inputSet/></bpmn:ioSpecification>',
            "data-unlisted",
        ),
        (
            '<bpmn:ioSpecification><bpmn:dataOutput id="x"/><bpmn:outputSet/></bpmn:ioSpecification>',
            "data-unlisted",
        ),
        (
            spec("given").replace(
                "<bpmn:outputSet>", "<bpmn:outputSet><bpmn:dataOutputRefs>given</bpmn:dataOutputRefs>"
            ),
            "data-set",
        ),
        (spec("given", optional="other"), "data-set"),
        (
            spec("given").replace(
                "<bpmn:inputSet>", '<bpmn:inputSet id="i"><bpmn:outputSetRefs>o</bpmn:outputSetRefs>'
            ),
            "data-set",
        ),
        ('<bpmn:dataInput id="x"/>', "data-misplaced"),
    ],
)
def test_what_cannot_be_copied_is_refused_by_name(inner: str, rule: str) -> None:
    more = OBJECTS + '<bpmn:dataStoreReference id="store" name="Ledger"/>' + OTHER
    assert rule in rules(inner, more=more)


def test_a_store_that_is_only_drawn_documents() -> None:
    placeholder = '<bpmn:property id="hold" name="__targetRef_placeholder"/>'
    more = '<bpmn:dataStoreReference id="store" name="Ledger"/>'
    assert told(placeholder + into("store", "hold"), more=more) == []
    only_target = (
        "<bpmn:dataOutputAssociation><bpmn:targetRef>store</bpmn:targetRef></bpmn:dataOutputAssociation>"
    )
    assert told(only_target, more=more) == []


def test_a_sub_process_has_no_inputs_of_its_own() -> None:
    inner = spec("given") + '<bpmn:task id="in"/>'
    assert ("a", "data-misplaced", "error") in told(inner, "subProcess")


def test_messages_carry_one_thing_of_their_type() -> None:
    assert "data-message" in rules(spec("x y"), 'sendTask messageRef="m"')
    typed = spec("x").replace('id="x"', 'id="x" itemSubjectRef="{}"')
    assert ("a", "data-type", "warning") in told(typed.format("number"), 'sendTask messageRef="m"')
    assert told(typed.format("text"), 'sendTask messageRef="m"') == []
    gets = spec(outputs="x").replace('id="x"', 'id="x" itemSubjectRef="number"')
    assert "data-type" in rules(gets, 'receiveTask messageRef="m"')


def test_ends_of_an_association_are_of_one_type_unless_it_transforms() -> None:
    more = OBJECTS.replace('id="o"', 'id="o" itemSubjectRef="number"')
    typed = spec("given").replace('id="given"', 'id="given" itemSubjectRef="text"')
    assert [each[1:] for each in told(typed + into("r", "given"), more=more)] == [("data-type", "warning")]
    assert told(typed + into("r", "given", transformed("= string(order)")), more=more) == []


def test_events_carry_what_their_data_is() -> None:
    outputs = "<bpmn:outputSet><bpmn:dataOutputRefs>x</bpmn:dataOutputRefs></bpmn:outputSet>"
    event = '<bpmn:dataOutput id="x" itemSubjectRef="{}"/>' + outputs
    defined = '<bpmn:messageEventDefinition messageRef="m"/>'
    kind = "intermediateCatchEvent"
    assert "data-type" in rules(event.format("number") + defined, kind)
    assert "data-type" not in rules(event.format("text") + defined, kind)
    both = event.format("text") + defined + "<bpmn:signalEventDefinition/>"
    assert ("a", "data-type", "warning") in told(both, kind)


def test_a_list_has_items_of_its_type() -> None:
    more = '<bpmn:dataObject id="list" isCollection="true" itemSubjectRef="texts"/>'
    loop = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:loopDataInputRef>list</bpmn:loopDataInputRef>"
        '<bpmn:inputDataItem id="one" itemSubjectRef="{}"/></bpmn:multiInstanceLoopCharacteristics>'
    )
    assert told(loop.format("text"), more=more) == []
    assert rules(loop.format("number"), more=more) == {"data-type"}
    assert rules(loop.format("texts"), more=more) == {"data-type"}


@pytest.mark.parametrize(
    ("inner", "rule"),
    [
        ("<bpmn:loopDataInputRef>nowhere</bpmn:loopDataInputRef>", "loop-data-unknown"),
        (
            (
                '<bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="= x"/></bpmn:extensionElements>'
                "<bpmn:loopDataInputRef>o</bpmn:loopDataInputRef>"
            ),
            "loop-data-twice",
        ),
        (
            "<bpmn:loopDataInputRef>o</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>o</bpmn:loopDataOutputRef>",
            "output-incomplete",
        ),
    ],
)
def test_a_loop_names_its_data_once_and_whole(inner: str, rule: str) -> None:
    loop = f"<bpmn:multiInstanceLoopCharacteristics>{inner}</bpmn:multiInstanceLoopCharacteristics>"
    assert rule in rules(loop)


def test_a_call_and_what_it_calls_have_the_same_inputs_and_outputs() -> None:
    called = '<bpmn:globalTask id="q" name="Check">{}</bpmn:globalTask>'
    call = '<bpmn:extensionElements><zeebe:calledElement processId="q"/></bpmn:extensionElements>'
    theirs = spec("x1").replace('id="x1"', 'id="x1" name="given"')
    ours = spec("given")
    assert told(call + ours, "callActivity", top=called.format(theirs)) == []
    found = told(call + spec("given", "made"), "callActivity", top=called.format(theirs))
    assert found == [("a", "data-call", "error")]


def test_lists_and_their_definitions_agree_for_inputs_and_outputs() -> None:
    inner = spec("x").replace('id="x"', 'id="x" itemSubjectRef="texts"')
    assert rules(inner) == {"collection-differs"}


def test_prose_in_an_assignment_is_hinted_at() -> None:
    inner = spec("given") + into("r", "given", assigned("= order", "given").replace(FORMAL, ""))
    assert {each[1:] for each in told(inner)} == {("expression-informal", "warning")}


def test_data_of_a_drawing_that_is_never_run_may_be_anything() -> None:
    drawing = "<bpmn:process id='q' isExecutable='false'><bpmn:task id='t'><bpmn:dataInput id='d'/></bpmn:task></bpmn:process>"
    assert told("", top=drawing) == []
