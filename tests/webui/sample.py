"""A small process for the pages: enter, review by somebody else, post by a machine."""

from __future__ import annotations

import json

PROCESS = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
 xmlns:zf="http://zhangfang.example/schema/1.0" id="definitions" targetNamespace="http://zhangfang.example/processes">
 <bpmn:process id="month" name="月结" isExecutable="true">
  <bpmn:documentation>目的：每月结账。</bpmn:documentation>
  <bpmn:extensionElements><zf:process owner="reviewer" key="client-period" title="月结" titleEn="Month end" group="service"/>
   <zf:label en="Month end"/><zf:sop en="Close the month."/></bpmn:extensionElements>
  <bpmn:startEvent id="begin" name="开始"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
  <bpmn:userTask id="enter" name="录入凭证"><bpmn:documentation>逐张录入。</bpmn:documentation>
   <bpmn:extensionElements><zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="bookkeeper"/>
    <zeebe:formDefinition formId="month.enter"/><zf:label en="Enter vouchers"/><zf:sop en="One by one."/>
    <zf:paper code="invoice" name="发票" nameEn="Invoices"/></bpmn:extensionElements>
   <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:userTask>
  <bpmn:userTask id="review" name="复核凭证">
   <bpmn:extensionElements><zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="bookkeeper,reviewer"/>
    <zf:separateFrom element="enter"/><zf:label en="Review vouchers"/></bpmn:extensionElements>
   <bpmn:incoming>f2</bpmn:incoming><bpmn:outgoing>f3</bpmn:outgoing></bpmn:userTask>
  <bpmn:serviceTask id="post" name="过账">
   <bpmn:extensionElements><zeebe:taskDefinition type="test.post" retries="1"/><zf:label en="Post"/></bpmn:extensionElements>
   <bpmn:incoming>f3</bpmn:incoming><bpmn:outgoing>f4</bpmn:outgoing></bpmn:serviceTask>
  <bpmn:endEvent id="done" name="完成"><bpmn:incoming>f4</bpmn:incoming></bpmn:endEvent>
  <bpmn:sequenceFlow id="f1" sourceRef="begin" targetRef="enter"/>
  <bpmn:sequenceFlow id="f2" sourceRef="enter" targetRef="review"/>
  <bpmn:sequenceFlow id="f3" sourceRef="review" targetRef="post"/>
  <bpmn:sequenceFlow id="f4" sourceRef="post" targetRef="done"/>
 </bpmn:process>
</bpmn:definitions>
"""
FIELDS = (
    {
        "type": "number",
        "key": "vouchers",
        "label": "凭证张数",
        "id": "Field_1",
        "properties": {"labelEn": "Vouchers"},
        "validate": {"required": True, "min": 1},
    },
    {
        "type": "number",
        "key": "amount",
        "label": "金额",
        "id": "Field_2",
        "serializeToString": True,
        "properties": {"labelEn": "Amount"},
    },
    {"type": "textfield", "key": "note", "label": "说明", "id": "Field_3", "properties": {"labelEn": "Note"}},
)
FORM = json.dumps(
    {"type": "default", "id": "month.enter", "schemaVersion": 18, "components": FIELDS}, ensure_ascii=False
)
FILES = {"month/month.bpmn": PROCESS.encode(), "month/forms/enter.form": FORM.encode()}
