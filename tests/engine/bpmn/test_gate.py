from __future__ import annotations

import pytest

from engine.bpmn.gate import Known
from engine.bpmn.problem import refusing
from tests.engine.bpmn.asking import check
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import Drive

KNOWN = Known(
    topics=frozenset({"tax.vat"}),
    forms=frozenset({"answers"}),
    decisions=frozenset({"level"}),
    processes=frozenset({"tax_filing"}),
    roles=frozenset({"bookkeeper", "reviewer"}),
    functions=frozenset({"next working day"}),
)
GOOD = """
startEvent s
userTask ask groups=bookkeeper form=answers
userTask review groups=reviewer separate_from=ask
serviceTask work topic=tax.vat
businessRuleTask rule decision=level answer=x
callActivity call calls=tax_filing
callActivity self calls=p
exclusiveGateway x
endEvent e
s -> ask -> review -> work -> rule -> call -> self -> x
x -> e : = next working day(today()) = null
x => ask
"""

TWO_LINKS = """
startEvent s
intermediateThrowEvent a link=L
intermediateCatchEvent b link=L
intermediateCatchEvent c link=L
task z
s -> a
b -> z
c -> z
"""


def rules_of(text: str) -> list[tuple[str, str]]:
    return [(each.rule, each.element) for each in check({"p.bpmn": bpmn(text)}, KNOWN)]


def test_a_sound_file_has_no_problem() -> None:
    assert check({"p.bpmn": bpmn(GOOD)}, KNOWN) == []
    assert check({"p.bpmn": bpmn(GOOD)}, Known()) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("endEvent e", [("start-missing", "p"), ("unconnected", "e")]),
        ("startEvent s error=E\ntask a\ns -> a", [("start-kind", "s")]),
        (
            "startEvent s\nsubProcess b {\nendEvent a\n}\ns -> b",
            [("start-missing", "b"), ("unconnected", "a")],
        ),
        (
            "startEvent s\nsubProcess b {\nstartEvent i message=m\ntask a\ni -> a\n}\ns -> b",
            [("start-kind", "i")],
        ),
        (
            "startEvent s\ntask t\ns -> t\nsubProcess b triggered {\nstartEvent i\ntask a\ni -> a\n}",
            [("start-kind", "i")],
        ),
        (
            "startEvent s\nsubProcess b triggered {\nstartEvent i quiet error=E\ntask a\ni -> a\n}\ns -> b",
            [("event-process-flow", "b"), ("error-interrupts", "i")],
        ),
        (
            "startEvent s\ntask a\ns -> a\ntask b\na -> nowhere",
            [("unconnected", "b"), ("flow-dangling", "a_nowhere")],
        ),
        (
            "startEvent s\nsubProcess b {\nstartEvent i\n}\ntask a\ns -> b\ni -> a",
            [("flow-crosses", "i_a")],
        ),
        (
            "startEvent s\ntask a\ns -> a\ntask b\ntask c\nb -> c",
            [("unreachable", "b"), ("unreachable", "c")],
        ),
        ("startEvent s\ntask a\ns -> a\na -> s", [("flow-into-start", "s")]),
        ("startEvent s\nendEvent e\ntask a\ns -> e -> a", [("flow-out-of-end", "e"), ("dead-end", "a")]),
        (
            "startEvent s\nexclusiveGateway g\ntask a\ntask b\ns -> g\ng -> a : = x\ng -> b",
            [("condition-missing", "g_b")],
        ),
        (
            "startEvent s\neventBasedGateway g\ntask a\ns -> g -> a",
            [("event-gateway-few", "g"), ("event-gateway-target", "a")],
        ),
        (
            "startEvent s\nexclusiveGateway g\ntask a\ntask b\ns -> g\ng -> a : = x +\ng => b",
            [("expression", "g_a")],
        ),
        (
            "startEvent s\nexclusiveGateway g\ntask a\ntask b\ns -> g\ng -> a : x > 1\ng => b",
            [("not-feel", "g_a")],
        ),
        (
            "startEvent s\nscriptTask a script=1+1 result=x\ns -> a",
            [("not-feel", "a")],
        ),
        (
            'startEvent s\nscriptTask a "script== magic(1)" result=x\ns -> a',
            [("function-unknown", "a")],
        ),
        ("startEvent s\nserviceTask a\ns -> a", [("topic-missing", "a")]),
        ("startEvent s\nserviceTask a topic=tax.cit\ns -> a", [("topic-unknown", "a")]),
        ('startEvent s\nserviceTask a "topic== kind"\ns -> a', [("topic-expression", "a")]),
        ('startEvent s\nuserTask a groups=reviewer "form== kind"\ns -> a', [("form-expression", "a")]),
        ("startEvent s\nscriptTask a\ns -> a", [("script-missing", "a")]),
        ("startEvent s\nbusinessRuleTask a\ns -> a", [("decision-missing", "a")]),
        ("startEvent s\nbusinessRuleTask a decision=other\ns -> a", [("decision-unknown", "a")]),
        ("startEvent s\nsendTask a\ns -> a", [("message-missing", "a")]),
        ("startEvent s\nreceiveTask a\ns -> a", [("message-missing", "a")]),
        ("startEvent s\nreceiveTask a message=m\ns -> a", [("correlation-missing", "a")]),
        (
            "startEvent s\nintermediateCatchEvent a message=m\ntask z\ns -> a -> z",
            [("correlation-missing", "a")],
        ),
        ("startEvent s message=m\ntask a\ns -> a", []),
        ("startEvent s\nintermediateCatchEvent a signal\ntask z\ns -> a -> z", [("event-name-missing", "a")]),
        ("startEvent s\nendEvent a error\ns -> a", [("event-code-missing", "a")]),
        ("startEvent s\nintermediateCatchEvent a error=E\ntask z\ns -> a -> z", [("event-kind", "a")]),
        ("startEvent s\nintermediateCatchEvent a\ntask z\ns -> a -> z", [("event-kind", "a")]),
        ("startEvent s\ncallActivity a calls=other\ns -> a", [("process-unknown", "a")]),
        ("startEvent s\ncallActivity a\ns -> a", [("call-missing", "a")]),
        ("startEvent s\ncallActivity a calls=p binding=versionTag\ns -> a", [("version-tag-missing", "a")]),
        ("startEvent s\nuserTask a groups=bookkeeper form=other\ns -> a", [("form-unknown", "a")]),
        ("startEvent s\nuserTask a groups=reviewer,chef\ns -> a", [("role-unknown", "a")]),
        ("startEvent s\nuserTask a\ns -> a", [("nobody-assigned", "a")]),
        (
            "startEvent s\nuserTask a groups=reviewer separate_from=b\ns -> a",
            [("separation-unknown", "a")],
        ),
        ("startEvent s\nuserTask a groups=reviewer separate_from=a\ns -> a", [("separation-self", "a")]),
        (
            "startEvent s\ntask a\nboundaryEvent b on=gone signal=x\ns -> a",
            [("unconnected", "b"), ("boundary-unattached", "b"), ("dead-end", "b")],
        ),
        (
            "startEvent s\ntask a\nboundaryEvent b on=a signal=x\ntask c\ns -> a\nb -> c",
            [("boundary-never", "b")],
        ),
        (
            "startEvent s\nexclusiveGateway a\nboundaryEvent b on=a signal=x\ntask c\ns -> a\nb -> c",
            [("boundary-host", "b")],
        ),
        (
            "startEvent s\nreceiveTask a message=m@=1\nboundaryEvent b quiet on=a error=x\ntask c\ns -> a\nb -> c",
            [("error-interrupts", "b")],
        ),
        (
            "startEvent s\nintermediateCatchEvent a timer=duration:soon\ntask z\ns -> a -> z",
            [("timer-unreadable", "a")],
        ),
        (
            "startEvent s\nintermediateCatchEvent a timer=cycle:R/PT1H\ntask z\ns -> a -> z",
            [("timer-cycle", "a")],
        ),
        ("startEvent s timer=cycle:R/P1M\ntask a\ns -> a", []),
        ('startEvent s timer="cycle:0 9 * * 1-5"\ntask a\ns -> a', []),
        ("startEvent s\nintermediateThrowEvent a link=L\ns -> a", [("link-unpaired", "a")]),
        (
            "startEvent s\nparallelGateway a\nendEvent e\ns -> a\ns -> e",
            [("dead-end", "a")],
        ),
        (
            "startEvent s\ntask a\nendEvent e\ns -> a",
            [("dead-end", "a"), ("unconnected", "e")],
        ),
        (
            "startEvent s\nserviceTask a topic=tax.vat each==x collect=y\ns -> a",
            [("output-incomplete", "a")],
        ),
        (TWO_LINKS, [("link-ambiguous", "c")]),
        ("startEvent s\nuserTask a groups=reviewer each=items item=x\ns -> a", [("not-feel", "a")]),
        ("startEvent s\nuserTask a groups=reviewer until==true\ns -> a", [("collection-missing", "a")]),
        ("startEvent s\nserviceTask a topic=tax.vat retries=many\ns -> a", [("retries-unreadable", "a")]),
        (
            "startEvent s\nintermediateCatchEvent a timer=duration:PT1H catch_up=never\ntask z\ns -> a -> z",
            [("catch-up-unknown", "a")],
        ),
    ],
)
def test_each_rule_names_what_breaks_it(text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(rules_of(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("startEvent s\nstartEvent t\ntask a\ns -> a\nt -> a", ("start-several", "t")),
        (
            "startEvent s\nparallelGateway g\ntask a\ntask b\ns -> g\ng -> a : = x\ng -> b",
            ("condition-ignored", "g_a"),
        ),
        (
            "startEvent s\nparallelGateway g\ntask a\ntask b\ns -> g\ng -> a\ng => b",
            ("default-ignored", "g_b"),
        ),
        ("startEvent s\ntask a\nendEvent e\ns -> a\ns -> e", ("dead-end", "a")),
        ("startEvent s\ntask a\ntask b\ns -> a\na -> b : = x", ("condition-single", "a_b")),
    ],
)
def test_what_runs_and_is_perhaps_not_meant_so_is_a_warning(text: str, expected: tuple[str, str]) -> None:
    [problem] = check({"p.bpmn": bpmn(text)}, KNOWN)
    assert (problem.rule, problem.element, problem.level) == (*expected, "warning")
    assert str(problem).endswith(f"[{expected[0]}, warning]")
    assert refusing([problem]) == []
    assert Drive(text).start(x=True).ended is not None


def test_the_first_of_several_plain_start_events_begins_and_each_can_be_named() -> None:
    text = "startEvent s\nstartEvent t\nuserTask a\nuserTask b\ns -> a\nt -> b"
    assert Drive(text).start().open == ["a"]
    assert Drive(text).start("t").open == ["b"]


def test_a_call_of_a_process_that_begins_by_an_event_only_is_refused_by_name() -> None:
    files = {
        "a.bpmn": bpmn("startEvent s\ncallActivity x calls=b\ns -> x", "a"),
        "b.bpmn": bpmn("startEvent s message=m\ntask t\ns -> t", "b"),
    }
    [problem] = check(files, KNOWN)
    assert (problem.rule, problem.element) == ("call-startless", "x")
    assert "«b»" in problem.message


def test_an_event_sub_process_needs_no_id() -> None:
    text = (
        "startEvent s\nuserTask a groups=reviewer\ns -> a\n"
        "subProcess gone triggered {\nstartEvent m signal=stop\nendEvent e\nm -> e\n}"
    )
    xml = bpmn(text).replace(b' id="gone"', b"")
    assert check({"p.bpmn": xml}, KNOWN) == []
    drive = Drive(xml).start()
    drive.complete("m")
    assert drive.ended is not None


def test_a_bad_expression_is_told_with_its_position_and_its_line() -> None:
    text = 'startEvent s\nscriptTask a name=计算 "script== 1 + (2" result=x\ns -> a'
    [problem] = check({"tax/p.bpmn": bpmn(text)}, KNOWN)
    assert (problem.element, problem.name, problem.line) == ("a", "计算", 5)
    assert "The script cannot be read" in problem.message
    assert "line 1, column" in problem.message
    assert str(problem).startswith("tax/p.bpmn:5 a «计算»: ")


def test_problems_of_all_files_come_at_once_and_in_order() -> None:
    files = {
        "b.bpmn": bpmn("startEvent s\nserviceTask x\ns -> x", "b"),
        "a.bpmn": b"<broken",
        "c.bpmn": bpmn("startEvent s\ncallActivity x calls=b\ns -> x", "c"),
        "d.bpmn": bpmn("startEvent s\ntask t\ns -> t", "c"),
    }
    assert [(each.file, each.rule) for each in check(files, KNOWN)] == [
        ("a.bpmn", "xml-unreadable"),
        ("b.bpmn", "topic-missing"),
        ("d.bpmn", "process-twice"),
    ]


def test_a_file_without_an_executable_process_is_refused() -> None:
    xml = bpmn("startEvent s").replace(b'isExecutable="true"', b'isExecutable="false"')
    assert [each.rule for each in check({"p.bpmn": xml}, KNOWN)] == ["nothing-executable"]


def test_lanes_must_be_roles_where_people_work_in_them() -> None:
    lanes = """<bpmn:laneSet><bpmn:lane id="l" name="某人"><bpmn:flowNodeRef>a</bpmn:flowNodeRef></bpmn:lane>
    <bpmn:lane id="m" name="Nobody works here"/>
    <bpmn:lane id="n" name="主管会计"/></bpmn:laneSet>"""
    text = f"{' '.join(lanes.split())}\nstartEvent s\nuserTask a\ns -> a"
    assert rules_of(text) == [("role-unknown", "l"), ("nobody-assigned", "a")]
