"""What a multi-instance activity throws when its instances are done: at each, at the first, or by conditions."""

from __future__ import annotations

import pytest

from engine.bpmn.gate import Known
from engine.bpmn.step import MessageThrown
from tests.engine.bpmn.asking import check
from tests.engine.bpmn.drawing import FORMAL, bpmn
from tests.engine.bpmn.driving import Drive

TEXT = """
startEvent s
<bpmn:userTask id="a">{groups}<{tag} {behavior}>{complex}{three}</{tag}></bpmn:userTask>
boundaryEvent b on=a {quiet} {event}
userTask late groups=x
userTask after groups=x
s -> a -> after
b -> late
"""
GROUPS = '<bpmn:extensionElements><zeebe:assignmentDefinition candidateGroups="x"/></bpmn:extensionElements>'
TOP = '<bpmn:signalEventDefinition id="done" signalRef="signal-done"/><bpmn:terminateEventDefinition id="stop"/>'


def drawn(behavior: str, complex_: str = "", *, quiet: bool = True, event: str = "signal=done") -> bytes:
    text = TEXT.format(
        behavior=behavior,
        complex=complex_,
        quiet="quiet" if quiet else "",
        event=event,
        groups=GROUPS,
        tag="bpmn:multiInstanceLoopCharacteristics",
        three=f"<bpmn:loopCardinality {FORMAL}>3</bpmn:loopCardinality>",
    )
    return bpmn(text).replace(b"</bpmn:definitions>", f"{TOP}</bpmn:definitions>".encode())


def complex_(condition: str, event: str = '<bpmn:signalEventDefinition signalRef="signal-done"/>') -> str:
    asked = f"<bpmn:condition {FORMAL}>{condition}</bpmn:condition>"
    return f"<bpmn:complexBehaviorDefinition>{asked}<bpmn:event>{event}</bpmn:event></bpmn:complexBehaviorDefinition>"


NONE = 'behavior="None" noneBehaviorEventRef="done"'
ONE = 'behavior="One" oneBehaviorEventRef="done"'


def test_none_throws_at_every_instance() -> None:
    drive = Drive(drawn(NONE)).start()
    drive.complete("a")
    drive.complete("a")
    assert drive.open == ["a", "b", "late", "late"]
    drive.complete("a")
    assert drive.open == ["after", "late", "late", "late"]


def test_one_throws_at_the_first_only() -> None:
    drive = Drive(drawn(ONE)).start()
    drive.complete("a")
    drive.complete("a")
    assert drive.open == ["a", "b", "late"]


def test_what_interrupts_ends_the_other_instances() -> None:
    drive = Drive(drawn(ONE, quiet=False)).start()
    drive.complete("a")
    assert drive.open == ["late"]
    assert drive.times("element.cancelled")["a"] == 3


def test_complex_throws_when_its_condition_holds_and_may_throw_several() -> None:
    events = complex_("= numberOfCompletedInstances = 2") + complex_("= n = 7")
    drive = Drive(drawn('behavior="Complex"', events)).start()
    drive.complete("a", n=1)
    assert "late" not in drive.open
    drive.complete("a", n=7)
    assert drive.open.count("late") == 2


def test_an_error_is_caught_at_the_activity_and_a_message_leaves_the_instance() -> None:
    error = complex_("= true", '<bpmn:errorEventDefinition errorRef="error-bad"/>')
    drive = Drive(drawn('behavior="Complex"', error, quiet=False, event="error=bad")).start()
    drive.complete("a")
    assert drive.open == ["late"]
    message = complex_("= true", '<bpmn:messageEventDefinition messageRef="message-m"/>')
    drive = Drive(drawn('behavior="Complex"', message, event="message=m@=1")).start()
    drive.complete("a")
    [thrown] = [each for step in drive.steps for each in step.thrown]
    assert isinstance(thrown, MessageThrown)
    assert (thrown.name, thrown.correlation_key) == ("m", "1")


def test_a_condition_that_cannot_be_asked_keeps_the_instance_there() -> None:
    drive = Drive(drawn('behavior="Complex"', complex_("= missing"))).start()
    drive.complete("a")
    [incident] = drive.incidents
    assert (incident.element, incident.code) == ("a", "condition")


@pytest.mark.parametrize(
    ("behavior", "inner", "rule"),
    [
        ('behavior="None"', "", "behavior-event"),
        ('behavior="One" oneBehaviorEventRef="gone"', "", "behavior-event"),
        ('behavior="One" oneBehaviorEventRef="stop"', "", "behavior-event"),
        ('behavior="Sometimes"', "", "behavior-event"),
        ("", complex_("= true"), "behavior-unused"),
        ('behavior="Complex"', complex_(""), "behavior-condition"),
        ('behavior="Complex"', complex_("true"), "not-feel"),
        ('behavior="Complex"', complex_("= 23"), "condition-not-boolean"),
    ],
)
def test_what_would_never_or_not_so_be_thrown_is_refused_by_name(
    behavior: str, inner: str, rule: str
) -> None:
    found = check({"p.bpmn": drawn(behavior, inner)}, Known())
    assert ("a", rule) in [(each.element, each.rule) for each in found]


def test_all_of_them_pass_the_gate() -> None:
    for xml in (
        drawn(NONE),
        drawn(ONE),
        drawn('behavior="Complex"', complex_("= n > 1")),
        drawn('behavior="All"'),
    ):
        assert check({"p.bpmn": xml}, Known()) == []


@pytest.mark.parametrize("condition", ["= 1", '= "yes"', "= null"])
def test_any_condition_that_is_always_neither_true_nor_false_is_refused(condition: str) -> None:
    text = f"startEvent s\nexclusiveGateway g\ntask a\ntask b\ns -> g\ng -> a : {condition}\ng => b"
    found = check({"p.bpmn": bpmn(text)}, Known())
    assert [(each.element, each.rule) for each in found] == [("g_a", "condition-not-boolean")]
