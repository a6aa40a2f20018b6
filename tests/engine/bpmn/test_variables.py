from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.bpmn import runtime
from engine.bpmn.moment import Decided
from engine.errors import DecisionError, NotFound
from tests.engine.bpmn.driving import NOON, SHANGHAI, Drive, number


def test_input_mappings_make_a_scope_and_output_mappings_write_out_of_it() -> None:
    drive = Drive("""
        startEvent s
        serviceTask work topic=t in="a:=x + 1" in="b:=a * 2" in="c.d:=5" in=text:plain out="y:=answer + a" out="box.z:=b"
        userTask after
        s -> work -> after
    """).start(x=1, box={"old": 0})
    scope = drive.opened("work").scope
    seen = drive.visible(scope)
    assert (seen["a"], seen["b"], seen["c"], seen["text"]) == (
        number(2),
        number(4),
        {"d": number(5)},
        "plain",
    )

    drive.complete("work", answer=10, a=3)
    assert drive.root == {"x": number(1), "y": number(13), "box": {"old": number(0), "z": number(4)}}


def test_an_output_mapping_that_fails_is_an_incident_and_loses_no_answer() -> None:
    text = 'startEvent s\nuserTask ask out="n:=number(answer) / 0"\nuserTask after\ns -> ask -> after'
    text = text.replace("number(answer) / 0", "answer")
    drive = Drive(
        text + "\nuserTask never\nafter -> never : = wrong > n\nafter => never2\nuserTask never2"
    ).start()
    drive.complete("ask", answer=4)
    assert drive.root == {"n": number(4)}

    drive.complete("after", note="kept")
    [incident] = drive.incidents
    assert incident.element == "after"
    assert drive.root["note"] == "kept"
    drive.set(wrong=9)
    drive.retry("after")
    assert drive.open == ["never"]


def test_an_expression_beyond_its_limits_is_an_incident() -> None:
    text = 'startEvent s\nscriptTask sum script="= sum(for i in 1..n return i)" result=total\ns -> sum'
    drive = Drive(text).start(n=1_000_000_000)
    [incident] = drive.incidents
    assert incident.code == "expression"
    drive.set(n=3)
    drive.retry("sum")
    assert drive.ended is not None
    assert drive.ended.output["total"] == number(6)


def test_scripts_see_the_clock_and_registered_functions() -> None:
    moment = runtime.Moment(NOON, SHANGHAI, functions={"next working day": lambda day: day})
    drive = Drive(
        'startEvent s\nscriptTask a script="= next working day(today())" result=day\ns -> a', moment
    ).start()
    assert drive.ended is not None
    assert str(drive.ended.output["day"]) == "2026-01-31"


def test_a_decision_is_asked_with_all_that_the_task_sees() -> None:
    asked: list[Any] = []

    def decide(decision: str, version_tag: str | None, context: Any) -> Any:
        asked.append((decision, version_tag, context["class"]))
        return Decided({"level": 2}, ({"decision": "level", "rules": [2]},))

    text = "startEvent s\nbusinessRuleTask rule decision=level answer=result\nuserTask a\ns -> rule -> a"
    drive = Drive(text, runtime.Moment(NOON, SHANGHAI, decide=decide)).begin({"class": "A"})
    assert asked == [("level", None, "A")]
    assert drive.root["result"] == {"level": 2}
    assert drive.times("decision.evaluated")["rule"] == 1


def test_a_decision_that_fails_is_an_incident() -> None:
    def broken(_decision: str, _tag: str | None, _context: Any) -> Any:
        raise DecisionError("Two rules match.")

    text = "startEvent s\nbusinessRuleTask rule decision=level answer=result\ns -> rule"
    drive = Drive(text, runtime.Moment(NOON, SHANGHAI, decide=broken)).start()
    assert drive.incidents[0].code == "decision"
    assert "Two rules match" in drive.incidents[0].message
    drive.moment = replace(drive.moment, decide=lambda *_: Decided(number(1)))
    drive.retry("rule")
    assert drive.ended is not None


def test_user_task_texts_may_be_expressions() -> None:
    words = 'due="= start + duration(\\"P3D\\")" follow_up=2026-02-01 priority="= 10 + 5"'
    drive = Drive(
        """
        startEvent s
        userTask ask assignee="= client.staff.bookkeeper" groups="= [\\"reviewer\\"]" users=li,wang DUE
        s -> ask
    """.replace("DUE", words)
    ).start(client={"staff": {"bookkeeper": "zhang"}}, start=NOON)
    asked = drive.opened("ask")
    assert asked.assignee == "zhang"
    assert asked.candidate_groups == ("reviewer",)
    assert asked.candidate_users == ("li", "wang")
    assert asked.due_at.isoformat() == "2026-02-03T04:00:00+00:00"
    assert asked.follow_up_at.isoformat() == "2026-01-31T16:00:00+00:00"
    assert asked.priority == 15


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ('assignee="= 5"', "assignment"),
        ('groups="= 5"', "assignment"),
        ('due="= 5"', "due-date"),
        ('priority="= true and null"', "priority"),
    ],
)
def test_user_task_texts_that_give_nonsense_are_incidents(words: str, code: str) -> None:
    drive = Drive(f"startEvent s\nuserTask ask {words}\ns -> ask").start()
    found = [incident.code for incident in drive.incidents]
    assert found in ([code], [])
    if not found:
        assert drive.opened("ask").priority == 50


def test_variables_can_be_set_from_outside_in_one_scope_only() -> None:
    drive = Drive('startEvent s\nserviceTask work topic=t in="a:=1"\ns -> work').start()
    scope = drive.opened("work").scope
    drive.set(scope, a=7, b=8)
    assert drive.visible(scope)["a"] == number(7)
    assert drive.root == {}
    with pytest.raises(NotFound, match="scope 99"):
        drive.set(99, a=1)


def test_the_lane_decides_who_may_do_a_task() -> None:
    text = """
        <bpmn:laneSet>
        <bpmn:lane id="l1" name="报税会计"><bpmn:flowNodeRef>sub</bpmn:flowNodeRef></bpmn:lane>
        <bpmn:lane id="l2" name="x"><bpmn:extensionElements><zf:role key="reviewer"/></bpmn:extensionElements>
        <bpmn:flowNodeRef>b</bpmn:flowNodeRef></bpmn:lane>
        </bpmn:laneSet>
        startEvent s
        subProcess sub {
            startEvent i
            userTask a
            i -> a
        }
        <bpmn:userTask id="b"><bpmn:extensionElements>
        <zf:separateFrom element="a"/><zf:waitsForClient/>
        </bpmn:extensionElements></bpmn:userTask>
        s -> sub -> b
    """
    drive = Drive(text).start()
    assert drive.opened("a").candidate_groups == ("tax_clerk",)
    drive.complete("a")
    asked = drive.opened("b")
    assert (asked.candidate_groups, asked.separate_from, asked.waits_for_client) == (
        ("reviewer",),
        ("a",),
        True,
    )
