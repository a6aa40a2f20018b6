"""New files of the studio: the smallest process, form and decision that can be edited."""

from __future__ import annotations

import json
import re

from engine.errors import InvalidInput

KEY = re.compile(r"[a-z][a-z0-9_]{1,60}")

PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:zf="http://zhangfang.example/schema/1.0" xmlns:modeler="http://camunda.org/schema/modeler/1.0" id="definitions_{key}" targetNamespace="http://zhangfang.example/processes" modeler:executionPlatform="Camunda Cloud" modeler:executionPlatformVersion="8.5.0">
  <bpmn:process id="{key}" name="{key}" isExecutable="true">
    <bpmn:extensionElements><zf:process owner="manager" key="none" title="{key}" /></bpmn:extensionElements>
    <bpmn:startEvent id="begin" name="开始"><bpmn:outgoing>to_end</bpmn:outgoing></bpmn:startEvent>
    <bpmn:endEvent id="end" name="结束"><bpmn:incoming>to_end</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="to_end" sourceRef="begin" targetRef="end" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plane" bpmnElement="{key}">
    <bpmndi:BPMNShape id="begin_di" bpmnElement="begin"><dc:Bounds x="160" y="120" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="end_di" bpmnElement="end"><dc:Bounds x="480" y="120" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="to_end_di" bpmnElement="to_end"><di:waypoint x="196" y="138" /><di:waypoint x="480" y="138" /></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""  # noqa: E501 - one root element
DECISION = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="definitions_{key}" name="{key}" namespace="http://zhangfang.example/decisions">
  <decision id="{key}" name="{key}">
    <variable id="variable_{key}" name="{key}" typeRef="string" />
    <decisionTable id="table_{key}" hitPolicy="FIRST">
      <input id="input_1" label="client.class"><inputExpression id="input_expression_1" typeRef="string"><text>client.class</text></inputExpression></input>
      <output id="output_1" name="result" typeRef="string" />
      <rule id="rule_1"><inputEntry id="in_1"><text></text></inputEntry><outputEntry id="out_1"><text>"default"</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <dmndi:DMNDI><dmndi:DMNDiagram id="diagram"><dmndi:DMNShape id="shape" dmnElementRef="{key}"><dc:Bounds height="80" width="180" x="160" y="100" /></dmndi:DMNShape></dmndi:DMNDiagram></dmndi:DMNDI>
</definitions>
"""  # noqa: E501 - one root element


def _form(folder: str, key: str) -> str:
    field = {
        "type": "textfield",
        "key": "note",
        "label": "备注",
        "id": "field_note",
        "properties": {"labelEn": "Note"},
    }
    schema = {"type": "default", "id": f"{folder}.{key}", "schemaVersion": 18, "components": [field]}
    return json.dumps(schema, ensure_ascii=False, indent=2)


def begin(kind: str, key: str, folder: str) -> tuple[str, str]:
    """Return path and text of a new file; InvalidInput when kind, key or folder cannot be used."""
    if not KEY.fullmatch(key):
        raise InvalidInput(
            f"«{key}» cannot be a key: use small letters, digits and _, beginning with a letter."
        )
    folder = folder or key
    if not KEY.fullmatch(folder):
        raise InvalidInput(
            f"«{folder}» cannot be a folder: use small letters, digits and _, beginning with a letter."
        )
    made = {
        "process": (f"{key}/{key}.bpmn", PROCESS.format(key=key)),
        "decision": (f"{folder}/{key}.dmn", DECISION.format(key=key)),
        "form": (f"{folder}/forms/{key}.form", _form(folder, key)),
    }
    if kind not in made:
        raise InvalidInput(f"«{kind}» is no kind of file; choose process, decision or form.")
    return made[kind]
