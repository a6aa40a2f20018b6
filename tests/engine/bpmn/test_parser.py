from __future__ import annotations

import pytest

from engine.bpmn import parser
from engine.bpmn.xml_source import MAX_BYTES
from engine.errors import DeploymentRefused
from tests.engine.bpmn.drawing import HEAD, bpmn
from tests.engine.bpmn.driving import Drive

PROCESS = (
    HEAD
    + """
<bpmn:collaboration id="c"><bpmn:participant id="pool" processRef="p"/></bpmn:collaboration>
<bpmn:process id="p" name="月度做账" isExecutable="true">
  <bpmn:documentation>月度规程</bpmn:documentation>
  <bpmn:extensionElements>
    <zeebe:versionTag value="v7"/>
    <zf:process owner="bookkeeper" key="client-period" title="做账" titleEn="Books" group="service"/>
    <zf:label en="Monthly books"/><zf:sop en="English SOP"/>
  </bpmn:extensionElements>
  <bpmn:laneSet><bpmn:lane id="lane" name="主管会计">
    <bpmn:extensionElements><zf:label en="Review"/></bpmn:extensionElements>
    <bpmn:flowNodeRef>ask</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>
  <bpmn:startEvent id="s"/>
  <bpmn:userTask id="ask" name="复核">
    <bpmn:documentation>逐笔核对</bpmn:documentation>
    <bpmn:extensionElements>
      <zf:clientView label="复核中" labelEn="In review" expected="一份报表" expectedEn="A statement"/>
      <zf:paper code="bank" name="银行对账单" nameEn="Bank statement"/><zf:paper code="inv" name="发票"/>
      <zf:approval level="二级"/><zf:label en="Review"/><zf:sop en="Check each entry"/>
      <zeebe:properties><zeebe:property name="a" value="b"/></zeebe:properties>
      <zeebe:taskHeaders><zeebe:header key="k" value="v"/></zeebe:taskHeaders><zeebe:userTask/>
    </bpmn:extensionElements>
  </bpmn:userTask>
  <bpmn:sequenceFlow sourceRef="s" targetRef="ask"/>
  <bpmn:textAnnotation id="note"><bpmn:text>n</bpmn:text></bpmn:textAnnotation>
  <bpmn:dataObject id="data"/>
</bpmn:process>
<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" id="d"/>
</bpmn:definitions>"""
)


def test_everything_that_the_dialect_says_is_read() -> None:
    [process] = parser.parse(PROCESS.encode(), "p.bpmn").processes
    assert (process.name, process.name_en, process.version_tag) == ("月度做账", "Monthly books", "v7")
    assert (process.documentation, process.sop_en) == ("月度规程", "English SOP")
    settings = process.settings
    assert (settings.owner, settings.key, settings.title, settings.title_en, settings.group) == (
        "bookkeeper",
        "client-period",
        "做账",
        "Books",
        "service",
    )
    ask = process.elements["ask"]
    assert (ask.documentation, ask.sop_en, ask.name_en, ask.approval) == (
        "逐笔核对",
        "Check each entry",
        "Review",
        "二级",
    )
    assert (ask.lane, ask.lane_role, process.lanes[0].name_en) == ("主管会计", "reviewer", "Review")
    assert ask.client_view is not None
    assert (ask.client_view.label, ask.client_view.expected_en, ask.client_view.visible) == (
        "复核中",
        "A statement",
        True,
    )
    assert [(paper.code, paper.name_en) for paper in ask.papers] == [("bank", "Bank statement"), ("inv", "")]
    assert (ask.properties, ask.headers) == ({"a": "b"}, {"k": "v"})
    assert ask.line > process.line > 1


def test_a_flow_without_an_id_gets_one() -> None:
    [process] = parser.parse(PROCESS.encode(), "p.bpmn").processes
    assert list(process.flows) == ["flow-0-s-ask"]


@pytest.mark.parametrize(
    ("xml", "rule"),
    [
        (b"<a", "xml-unreadable"),
        (b"", "xml-unreadable"),
        (b"<a/>", "not-bpmn"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "doctype"),
        (b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "doctype"),
        ("<!DOCTYPE a><a/>".encode("utf-16"), "doctype"),
        (b"<a>" * 200 + b"</a>" * 200, "too-deep"),
        (b" " * (MAX_BYTES + 1), "file-too-large"),
    ],
)
def test_hostile_or_broken_files_are_refused_with_one_clear_problem(xml: bytes, rule: str) -> None:
    with pytest.raises(DeploymentRefused) as caught:
        parser.parse(xml, "bad.bpmn")
    assert [each.rule for each in caught.value.problems] == [rule]
    assert str(caught.value).startswith("bad.bpmn")


def test_an_entity_bomb_is_refused_without_being_expanded() -> None:
    lines = ['<!ENTITY a0 "ha">', *(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))]
    bomb = f"<!DOCTYPE x [{''.join(lines)}]><x>&a11;</x>".encode()
    with pytest.raises(DeploymentRefused) as caught:
        parser.parse(bomb, "bomb.bpmn")
    assert len(caught.value.problems) == 1


def test_all_problems_of_a_file_are_told_at_once() -> None:
    with pytest.raises(DeploymentRefused) as caught:
        parser.parse(
            bpmn("""
                startEvent s
                <bpmn:task/>
                <bpmn:task id="g" startQuantity="0"/>
                <bpmn:task id="s"/>
                <bpmn:endEvent id="e"><bpmn:errorEventDefinition errorRef="nowhere"/></bpmn:endEvent>
                <bpmn:intermediateCatchEvent id="t"><bpmn:timerEventDefinition/></bpmn:intermediateCatchEvent>
            """),
            "p.bpmn",
        )
    assert sorted(each.rule for each in caught.value.problems) == [
        "id-duplicate",
        "id-missing",
        "quantity",
        "reference-unknown",
        "timer-missing",
    ]


@pytest.mark.parametrize("name", ["Start", "End", "Root", "StartTask", "p.EndJoin", "结束"])
def test_no_id_collides_with_names_of_the_library(name: str) -> None:
    drive = Drive(f"startEvent s\nuserTask {name}\nendEvent e\ns -> {name} -> e").start()
    drive.complete(name)
    assert drive.ended is not None


def test_shared_event_definitions_and_prefixed_references_are_followed() -> None:
    xml = bpmn(
        "startEvent s\n<bpmn:endEvent id='e'><bpmn:eventDefinitionRef>t:def</bpmn:eventDefinitionRef></bpmn:endEvent>"
    )
    xml = xml.replace(
        b"</bpmn:definitions>",
        b'<bpmn:signalEventDefinition id="def" signalRef="t:sig"/><bpmn:signal id="sig" name="S"/></bpmn:definitions>',
    )
    event = parser.parse(xml, "p.bpmn").processes[0].elements["e"].event
    assert event is not None
    assert (event.kind, event.name) == ("signal", "S")


def test_the_same_bytes_are_read_once() -> None:
    xml = bpmn("startEvent s\nendEvent e\ns -> e")
    assert parser.parse(xml, "p.bpmn") is parser.parse(bytes(xml), "p.bpmn")
    assert parser.parse(xml, "p.bpmn") is not parser.parse(xml, "q.bpmn")
