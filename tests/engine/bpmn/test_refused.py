"""Each construct that is not run: one small file and its exact message."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.bpmn import gate, parser
from engine.bpmn.refused import ELEMENTS
from engine.errors import DeploymentRefused
from tests.engine.bpmn.drawing import bpmn

FILES = Path(__file__).parent / "refused"
"""One file for each construct; its exact messages stand in the comment at its end."""
INSIDE = {
    "resourceParameterBinding": (
        "<bpmn:userTask id='x'><bpmn:humanPerformer><bpmn:resourceAssignmentExpression><bpmn:formalExpression>li"
        "</bpmn:formalExpression></bpmn:resourceAssignmentExpression><bpmn:resourceParameterBinding/>"
        "</bpmn:humanPerformer></bpmn:userTask>"
    ),
    "resourceRole": "<bpmn:task id='x'><bpmn:resourceRole/></bpmn:task>",
    **{
        f"whileExecuting{each}Refs": (
            f"<bpmn:task id='x'><bpmn:ioSpecification><bpmn:data{each} id='d'/><bpmn:{each.lower()}Set>"
            f"<bpmn:data{each}Refs>d</bpmn:data{each}Refs><bpmn:whileExecuting{each}Refs>d</bpmn:whileExecuting{each}Refs>"
            f"</bpmn:{each.lower()}Set></bpmn:ioSpecification></bpmn:task>"
        )
        for each in ("Input", "Output")
    },
}


def refused(inside: str) -> list[gate.Problem]:
    with pytest.raises(DeploymentRefused) as caught:
        parser.parse(bpmn(f"startEvent s\n{inside}"), "p.bpmn")
    return list(caught.value.problems)


@pytest.mark.parametrize("file", sorted(FILES.glob("*.bpmn")), ids=lambda file: file.stem)
def test_each_file_is_refused_with_its_exact_messages(file: Path) -> None:
    body, _mark, told = file.read_text("utf-8").rpartition("<!--\n")
    with pytest.raises(DeploymentRefused) as caught:
        parser.parse(file.read_bytes(), "p.bpmn")
    assert body
    assert [str(problem) for problem in caught.value.problems] == told.removesuffix("\n-->\n").split("\n")


def test_each_construct_that_is_not_run_has_its_file() -> None:
    assert {file.stem for file in FILES.glob("*.bpmn")} == ELEMENTS.keys()


@pytest.mark.parametrize("construct", sorted(ELEMENTS))
def test_each_construct_that_is_not_run_is_refused_by_name(construct: str) -> None:
    message, advice, _needs = ELEMENTS[construct]
    xml = INSIDE.get(construct, f"<bpmn:{construct} id='x'/>")
    slug = "".join(f"-{each.lower()}" if each.isupper() else each for each in f"-{construct}")

    found = refused(xml)
    assert [str(each) for each in found if each.rule.startswith("not-run")] == [
        f"p.bpmn:5 {each.element}{' «p»' if each.element == 'p' else ''}: {message} {advice} [not-run{slug}]"
        for each in found
        if each.rule.startswith("not-run")
    ]
    assert any(each.message == message and each.element in ("x", "p") for each in found)


def test_an_unknown_bpmn_element_is_refused() -> None:
    [problem] = refused("<bpmn:magicTask id='x' name='Magic'/>")
    assert str(problem) == (
        "p.bpmn:5 x «Magic»: The BPMN element «magicTask» is not understood in the process «p». "
        "Remove it, or draw it with elements that are run. [element-unknown]"
    )


@pytest.mark.parametrize(
    ("extension", "message"),
    [
        ("<zeebe:magic/>", "The extension element «zeebe:magic» is not understood here."),
        ("<zf:magic/>", "The extension element «zf:magic» is not understood here."),
        (
            "<zeebe:taskListeners/>",
            "The extension element «zeebe:taskListeners» is not understood here.",
        ),
        ("<x:y xmlns:x='urn:z'/>", "The extension element «urn:z:y» is not understood here."),
        (
            "<zeebe:script expression='=1'/>",
            "The extension element «zeebe:script» has no meaning on a userTask.",
        ),
        (
            "<zeebe:formDefinition formKey='k'/>",
            "«formDefinition» has an attribute «formKey» that is not understood here.",
        ),
        (
            "<zeebe:formDefinition formId='f' bindingType='deployment'/>",
            "The binding «deployment» is not run.",
        ),
        ("<zf:paper code='c' size='A4'/>", "«paper» has an attribute «size» that is not understood here."),
        (
            "<zf:waitsForClient days='3'/>",
            "«waitsForClient» has an attribute «days» that is not understood here.",
        ),
        (
            "<zeebe:taskHeaders><zeebe:magic/></zeebe:taskHeaders>",
            "«magic» inside «zeebe:taskHeaders» is not understood here.",
        ),
        (
            "<zeebe:ioMapping><zeebe:input source='=1' target='x' mode='deep'/></zeebe:ioMapping>",
            "«input» has an attribute «mode» that is not understood here.",
        ),
        ("<zeebe:ioMapping><zeebe:input target='x'/></zeebe:ioMapping>", "A mapping «input» has no source."),
    ],
)
def test_extension_elements_are_never_dropped_silently(extension: str, message: str) -> None:
    xml = (
        f"<bpmn:userTask id='x'><bpmn:extensionElements>{extension}</bpmn:extensionElements></bpmn:userTask>"
    )
    assert [each.message for each in refused(xml)] == [message]


def test_attributes_of_other_engines_are_refused_and_those_of_modelers_are_not() -> None:
    [problem] = refused(
        "<bpmn:userTask id='x' camunda:assignee='li' xmlns:camunda='http://camunda.org/schema/1.0/bpmn'/>"
    )
    assert problem.rule == "attribute-unknown"

    tolerated = (
        "<bpmn:userTask id='x' zeebe:modelerTemplate='t' zeebe:modelerTemplateVersion='1' "
        "xmlns:modeler='http://camunda.org/schema/modeler/1.0' modeler:executionPlatform='Camunda Cloud'/>"
    )
    assert parser.parse(bpmn(f"startEvent s\n{tolerated}"), "p.bpmn").processes


def test_a_drawing_that_is_never_run_may_hold_anything() -> None:
    xml = bpmn("startEvent s").replace(
        b"</bpmn:definitions>",
        b"<bpmn:process id='q' isExecutable='false'><bpmn:globalTask id='g'/></bpmn:process></bpmn:definitions>",
    )
    model = parser.parse(xml, "p.bpmn")
    assert [each.id for each in model.processes] == ["p"]
    assert [each.id for each in model.drawings] == ["q"]


def test_a_default_that_is_no_flow_of_its_element_is_refused() -> None:
    [problem] = refused("<bpmn:exclusiveGateway id='x' default='nowhere'/>")
    assert problem.message == "Its default flow «nowhere» is no flow out of it."


def test_a_script_in_another_language_is_refused() -> None:
    [problem] = refused("<bpmn:scriptTask id='x'><bpmn:script>import os</bpmn:script></bpmn:scriptTask>")
    assert problem.rule == "script-foreign"


def test_a_file_that_was_let_through_before_can_be_read_again_in_spite_of_newer_rules() -> None:
    xml = bpmn("startEvent s\n<bpmn:task id='x'><bpmn:resourceRole/></bpmn:task>")
    assert parser.reread(xml, "p.bpmn").process("p").elements["x"].kind == "task"
    with pytest.raises(DeploymentRefused):
        parser.reread(b"<broken", "p.bpmn")
