"""Correlation keys of BPMN: read out of what is sent, and given by the process that waits."""

from __future__ import annotations

import pytest

from engine.bpmn.gate import Known
from engine.bpmn.step import MessageThrown
from tests.engine.bpmn.asking import check
from tests.engine.bpmn.drawing import FORMAL, bpmn
from tests.engine.bpmn.driving import Drive


def path(tag: str, text: str) -> str:
    return f"<bpmn:{tag} {FORMAL}>{text}</bpmn:{tag}>"


def read_from(name: str, text: str, message: str = "message-paid") -> str:
    tag = "bpmn:correlationPropertyRetrievalExpression"
    inner = f'<{tag} messageRef="{message}">{path("messagePath", text)}</{tag}>'
    return f'<bpmn:correlationProperty id="{name}">{inner}</bpmn:correlationProperty>'


def key(*names: str) -> str:
    refs = "".join(f"<bpmn:correlationPropertyRef>{each}</bpmn:correlationPropertyRef>" for each in names)
    inner = f'<bpmn:participant id="own" processRef="p"/><bpmn:correlationKey id="k" name="Order">{refs}</bpmn:correlationKey>'
    return f'<bpmn:collaboration id="pools">{inner}</bpmn:collaboration>'


def bind(**paths: str) -> str:
    tag = "bpmn:correlationPropertyBinding"
    inner = "".join(
        f'<{tag} correlationPropertyRef="{name}">{path("dataPath", text)}</{tag}>'
        for name, text in paths.items()
    )
    return (
        f'<bpmn:correlationSubscription id="sub" correlationKeyRef="k">{inner}</bpmn:correlationSubscription>'
    )


def drawn(subscription: str, *top: str, text: str = "") -> bytes:
    body = text or "startEvent s\nintermediateCatchEvent c message=paid\ntask e\ns -> c -> e"
    xml = bpmn(f"{subscription}\n{body}" if subscription else body)
    return xml.replace(b"</bpmn:definitions>", f"{''.join(top)}</bpmn:definitions>".encode())


ONE = (read_from("number", "= order.number"), key("number"))
TWO = (read_from("number", "= order.number"), read_from("year", "= order.year"), key("number", "year"))
SENDS = 'startEvent s\nintermediateThrowEvent t message=paid "in=order:= mine"\ntask e\ns -> t -> e'


def test_a_process_waits_with_what_its_subscription_binds() -> None:
    drive = Drive(drawn(bind(number="= mine.id"), *ONE)).start(mine={"id": 7})
    assert drive.opened("c").correlation_key == "7"
    both = Drive(drawn(bind(number="= mine.id", year="= mine.year"), *TWO)).start(
        mine={"id": 7, "year": 2026}
    )
    assert both.opened("c").correlation_key == "7,2026"


def test_a_message_is_sent_with_what_its_key_reads_out_of_it() -> None:
    for top, expected in ((ONE, "7"), (TWO, "7,2026")):
        drive = Drive(drawn("", *top, text=SENDS)).start(mine={"number": 7, "year": 2026})
        [thrown] = [each for step in drive.steps for each in step.thrown]
        assert isinstance(thrown, MessageThrown)
        assert thrown.correlation_key == expected


def test_both_pass_the_gate() -> None:
    assert check({"p.bpmn": drawn(bind(number="= mine.id"), *ONE)}, Known()) == []
    assert check({"p.bpmn": drawn("", *TWO, text=SENDS)}, Known()) == []


KEYED = "startEvent s\nintermediateCatchEvent c message=paid@=1\ntask e\ns -> c -> e"


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (drawn("", *ONE), ("c", "correlation-missing")),
        (drawn(bind(), *ONE), ("sub", "correlation-incomplete")),
        (drawn(bind(number="= x"), *TWO), ("sub", "correlation-incomplete")),
        (
            drawn(bind(number="= x"), read_from("number", ""), key("number")),
            ("number", "correlation-incomplete"),
        ),
        (drawn(bind(number="= x"), *TWO[:1], key("number", "year")), ("k", "reference-kind")),
        (
            drawn(bind(number="= x"), read_from("number", "= y", "s"), key("number")),
            ("number", "reference-kind"),
        ),
        (drawn(bind(number="= x"), *ONE, text=KEYED), ("c", "correlation-twice")),
        (drawn(bind(number="x"), *ONE), ("sub", "not-feel")),
        (drawn(bind(number="= ("), *ONE), ("c", "expression")),
    ],
)
def test_what_does_not_make_a_key_is_refused_by_name(xml: bytes, expected: tuple[str, str]) -> None:
    assert expected in [(each.element, each.rule) for each in check({"p.bpmn": xml}, Known())]
