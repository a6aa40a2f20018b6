"""Global tasks stand beside the processes of a file and are called like them."""

from __future__ import annotations

import pytest

from engine.bpmn import parser
from engine.bpmn.gate import Known, check
from engine.bpmn.step import ChildOpened, JobOpened, UserTaskOpened
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import Drive

CALLER = "startEvent s\ncallActivity call calls=check\nendEvent e\ns -> call -> e"
GROUPS = (
    '<bpmn:extensionElements><zeebe:assignmentDefinition candidateGroups="tax"/></bpmn:extensionElements>'
)
TOPIC = '<bpmn:extensionElements><zeebe:taskDefinition type="send"/></bpmn:extensionElements>'
SCRIPT = (
    '<bpmn:extensionElements><zeebe:script expression="= n + 1" resultVariable="n"/></bpmn:extensionElements>'
)


def with_task(xml: str, text: str = CALLER) -> bytes:
    return bpmn(text).replace(b"</bpmn:definitions>", f"{xml}</bpmn:definitions>".encode())


def test_a_global_user_task_asks_a_person() -> None:
    xml = with_task(f'<bpmn:globalUserTask id="check" name="Check">{GROUPS}</bpmn:globalUserTask>')
    assert isinstance(Drive(xml).start().opened("call"), ChildOpened)
    drive = Drive(xml, process="check").start(amount=3)
    opened = drive.opened("check")
    assert isinstance(opened, UserTaskOpened)
    assert (opened.name, opened.candidate_groups) == ("Check", ("tax",))
    drive.complete("check", approved=True)
    assert drive.ended is not None
    assert drive.ended.output == {"amount": 3, "approved": True}


def test_the_other_global_tasks_run_as_what_they_are() -> None:
    rule = Drive(
        with_task(f'<bpmn:globalBusinessRuleTask id="check">{TOPIC}</bpmn:globalBusinessRuleTask>'),
        process="check",
    )
    assert isinstance(rule.start().opened("check"), JobOpened)
    script = Drive(
        with_task(f'<bpmn:globalScriptTask id="check">{SCRIPT}</bpmn:globalScriptTask>'), process="check"
    )
    assert script.start(n=1).root == {"n": 2}
    plain = Drive(with_task('<bpmn:globalTask id="check"/>'), process="check").start()
    assert plain.ended is not None


@pytest.mark.parametrize(
    ("xml", "rule"),
    [
        ('<bpmn:globalUserTask id="check"/>', "nobody-assigned"),
        ('<bpmn:globalScriptTask id="check"/>', "script-missing"),
        ('<bpmn:globalBusinessRuleTask id="check"/>', "decision-missing"),
        ('<bpmn:globalTask id="p"/>', "id-duplicate"),
    ],
)
def test_the_gate_asks_of_them_what_it_asks_of_tasks(xml: str, rule: str) -> None:
    assert rule in [each.rule for each in check({"p.bpmn": with_task(xml)}, Known())]


def test_a_call_finds_a_global_task_of_its_file_and_is_refused_without() -> None:
    known = Known(processes=frozenset())
    assert check({"p.bpmn": with_task('<bpmn:globalTask id="check"/>')}, known) == []
    assert [each.rule for each in check({"p.bpmn": bpmn(CALLER)}, known)] == ["process-unknown"]


def test_a_file_of_global_tasks_alone_is_a_library() -> None:
    xml = with_task('<bpmn:globalTask id="check"/>').replace(b'isExecutable="true"', b'isExecutable="false"')
    assert [each.id for each in parser.parse(xml, "p.bpmn").processes] == ["check"]
    assert check({"p.bpmn": xml}, Known()) == []
