"""Resource roles of BPMN say who does a user task, in the words that Camunda 7 reads."""

from __future__ import annotations

import pytest

from engine.bpmn.gate import Known
from tests.engine.bpmn.asking import check
from tests.engine.bpmn.drawing import bpmn
from tests.engine.bpmn.driving import Drive


def role(tag: str, text: str) -> str:
    expression = f"<bpmn:formalExpression>{text}</bpmn:formalExpression>"
    inner = f"<bpmn:resourceAssignmentExpression>{expression}</bpmn:resourceAssignmentExpression>"
    return f"<bpmn:{tag}>{inner}</bpmn:{tag}>"


def drawn(inner: str, kind: str = "userTask") -> str:
    return f'startEvent s\n<bpmn:{kind} id="a">{inner}</bpmn:{kind}>\ns -> a'


def told(text: str, more: str = "") -> list[tuple[str, str]]:
    xml = bpmn(text).replace(b"</bpmn:definitions>", f"{more}</bpmn:definitions>".encode())
    return [(each.element, each.rule) for each in check({"p.bpmn": xml}, Known())]


@pytest.mark.parametrize(
    ("written", "users", "groups"),
    [
        ("user(li), group(tax), reviewer", ("li",), ("tax", "reviewer")),
        ("user(li, wang)", ("li", "wang"), ()),
        ("tax", (), ("tax",)),
        ('= ["tax", deputy]', (), ("tax", "boss")),
    ],
)
def test_potential_owners_are_candidates(
    written: str, users: tuple[str, ...], groups: tuple[str, ...]
) -> None:
    text = drawn(role("potentialOwner", written))
    assert told(text) == []
    opened = Drive(text).start(deputy="boss").opened("a")
    assert (opened.candidate_users, opened.candidate_groups, opened.assignee) == (users, groups, None)


def test_several_potential_owners_are_taken_together() -> None:
    opened = (
        Drive(drawn(role("potentialOwner", "tax") + role("potentialOwner", "user(li), law")))
        .start()
        .opened("a")
    )
    assert (opened.candidate_users, opened.candidate_groups) == (("li",), ("tax", "law"))


@pytest.mark.parametrize("tag", ["humanPerformer", "performer"])
def test_a_performer_is_the_assignee(tag: str) -> None:
    assert Drive(drawn(role(tag, "= boss"))).start(boss="li").opened("a").assignee == "li"


def test_a_resource_is_known_by_its_name() -> None:
    text = drawn("<bpmn:potentialOwner><bpmn:resourceRef>r</bpmn:resourceRef></bpmn:potentialOwner>")
    resource = '<bpmn:resource id="r" name="tax"/>'
    xml = bpmn(text).replace(b"</bpmn:definitions>", f"{resource}</bpmn:definitions>".encode())
    assert Drive(xml).start().opened("a").candidate_groups == ("tax",)
    assert ("a", "reference-unknown") in told(text)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (drawn(role("potentialOwner", "user(li")), "role-unreadable"),
        (drawn("<bpmn:potentialOwner/>"), "role-empty"),
        (drawn(role("humanPerformer", "li") + role("performer", "wu")), "role-several"),
        (drawn(role("potentialOwner", "= x") + role("potentialOwner", "= y")), "role-several"),
        (drawn(role("performer", "li"), "task"), "role-misplaced"),
        (
            drawn(
                '<bpmn:extensionElements><zeebe:assignmentDefinition assignee="li"/></bpmn:extensionElements>'
                + role("potentialOwner", "tax")
            ),
            "roles-twice",
        ),
        (
            drawn(
                role("performer", "li").replace(
                    "<bpmn:resourceA", "<bpmn:resourceRef>r</bpmn:resourceRef><bpmn:resourceA"
                )
            ),
            "role-both",
        ),
    ],
)
def test_what_says_nothing_clear_is_refused_by_name(text: str, rule: str) -> None:
    assert ("a", rule) in told(text)


def test_an_unreadable_expression_is_told() -> None:
    assert ("a", "expression") in told(drawn(role("potentialOwner", "= (")))
