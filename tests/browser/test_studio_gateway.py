"""A process owner draws a gateway with a condition and deploys it: new instances take it, running ones stay on their version."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from playwright.sync_api import Page, expect
from sqlalchemy import Connection, select

from engine.commands import deployments, instances, people, work_items
from store.tables import Instance, WorkItem
from tests.browser.conftest import Signed, Site

PATH = "payment_check/payment_check.bpmn"
BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:zf="http://zhangfang.example/schema/1.0" id="d" targetNamespace="http://zhangfang.example/processes">
  <bpmn:process id="payment_check" name="付款核对" isExecutable="true">
    <bpmn:extensionElements><zf:label en="Check of payments" /></bpmn:extensionElements>
    <bpmn:startEvent id="start" name="开始" />
    <bpmn:userTask id="check" name="核对"><bpmn:extensionElements><zeebe:userTask />
      <zeebe:assignmentDefinition candidateGroups="manager" /></bpmn:extensionElements></bpmn:userTask>
    <bpmn:endEvent id="end" name="结束" />
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="check" />
    <bpmn:sequenceFlow id="f2" sourceRef="check" targetRef="end" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="di"><bpmndi:BPMNPlane id="plane" bpmnElement="payment_check">
    <bpmndi:BPMNShape id="s1" bpmnElement="start"><dc:Bounds x="160" y="102" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="s2" bpmnElement="check"><dc:Bounds x="250" y="80" width="100" height="80" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="s3" bpmnElement="end"><dc:Bounds x="702" y="102" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="e1" bpmnElement="f1"><di:waypoint x="196" y="120" /><di:waypoint x="250" y="120" /></bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="e2" bpmnElement="f2"><di:waypoint x="350" y="120" /><di:waypoint x="702" y="120" /></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
DRAW = """() => {
  const modeling = zfModeler.get('modeling'), make = zfModeler.get('elementFactory'), all = zfModeler.get('elementRegistry');
  const gateway = modeling.createShape(make.createShape({ type: 'bpmn:ExclusiveGateway' }), { x: 450, y: 120 }, all.get('f2'));
  const second = modeling.appendShape(gateway, make.createShape({ type: 'bpmn:UserTask' }), { x: 560, y: 260 });
  modeling.updateProperties(second, { id: 'second_look', name: '二次核对' });
  const back = modeling.connect(second, all.get('end'));
  const onwards = gateway.outgoing.find((each) => each.target.id === 'end');
  const large = gateway.outgoing.find((each) => each.target.id === 'second_look');
  modeling.updateProperties(onwards, { name: '不大' });
  modeling.updateProperties(gateway, { default: onwards.businessObject, name: '金额大？' });
  modeling.updateProperties(large, { id: 'large', name: '大' });
  zfModeler.get('selection').select(large);
  return [gateway.id, back.id];
}"""


def test_a_drawn_gateway_counts_for_new_instances_only(signed: Signed, site: Site) -> None:
    site.store.run(deployments.deploy, {PATH: BPMN.encode()}, by=None)
    old = site.store.run(instances.start, "payment_check", {"amount": Decimal(500)}, by=None)
    page = signed()
    page.goto(f"{site.url}/studio/edit?path={PATH}")
    page.wait_for_selector("#canvas[data-ready]")

    page.evaluate(DRAW)
    write_condition(page, "amount > 100")
    page.locator("[data-element-id=second_look] .djs-hit").first.click(position={"x": 8, "y": 72})
    write_candidates(page, "manager")
    expect(page.locator("[data-problem-count]")).not_to_contain_text("个问题")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator("[data-studio-note]")).to_have_text("已保存")
    deploy(page, site)

    large = site.store.run(instances.start, "payment_check", {"amount": Decimal(500)}, by=None)
    small = site.store.run(instances.start, "payment_check", {"amount": Decimal(50)}, by=None)
    for each in (old, large, small):
        complete_check(site, each)
    assert site.store.read(where, old) == ("completed", [])
    assert site.store.read(where, large) == ("running", ["second_look"])
    assert site.store.read(where, small) == ("completed", [])


def write_condition(page: Page, text: str) -> None:
    """Open the condition's group and write FEEL into its editor."""
    open_group(page, "group-condition")
    editor = page.locator(
        "[data-group-id=group-condition] .cm-content, [data-group-id=group-condition] textarea"
    ).first
    editor.click()
    page.keyboard.insert_text(text)
    page.wait_for_function(
        "async () => /conditionExpression[^>]*>=\\s*amount (>|&gt;) 100/.test((await zfModeler.saveXML()).xml)"
    )


def write_candidates(page: Page, group: str) -> None:
    """Say who may do the selected user task."""
    open_group(page, "group-assignmentDefinition")
    page.locator("#bio-properties-panel-assignmentDefinitionCandidateGroups").fill(group)
    page.wait_for_function(
        "async () => (await zfModeler.saveXML()).xml.split('candidateGroups=\"manager\"').length === 3"
    )


def open_group(page: Page, group: str) -> None:
    """Unfold a group of the properties panel."""
    header = page.locator(f"[data-group-id={group}] .bio-properties-panel-group-header").first
    header.wait_for()
    if "open" not in (header.get_attribute("class") or ""):
        header.click()


def deploy(page: Page, site: Site) -> None:
    """Publish the draft and confirm what it means."""
    page.goto(f"{site.url}/studio/deploy")
    for box in page.locator("input[name=path]").all():
        box.set_checked(box.get_attribute("value") == PATH)
    page.locator("main form button.btn-primary").last.click()
    with page.expect_navigation():
        page.locator("dialog[open] button.btn-primary, dialog[open] button.btn-danger").last.click()


def complete_check(site: Site, instance: UUID) -> None:
    """The manager completes the check of an instance."""
    manager = site.store.run(people.by_login, "ma")
    item = site.store.read(
        lambda c: c.scalar(
            select(WorkItem.id).where(WorkItem.instance_id == instance, WorkItem.state == "open")
        )
    )
    assert item is not None
    site.store.run(work_items.claim, item, by=manager)
    site.store.run(work_items.complete, item, {}, by=manager)


def where(connection: Connection, instance: UUID) -> tuple[str, list[str]]:
    """Return the state of an instance and the elements where people are asked."""
    state = connection.scalar(select(Instance.state).where(Instance.id == instance)) or ""
    items = select(WorkItem.element).where(WorkItem.instance_id == instance, WorkItem.state == "open")
    return state, list(connection.scalars(items))
