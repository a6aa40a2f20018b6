"""Several files as one: what is imported is found by namespace and read with the name of the import before it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine import dmn
from engine.dmn import Decisions
from engine.errors import DecisionError

DMN = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def model(namespace: str, body: str, *imports: tuple[str, str]) -> bytes:
    given = "".join(f'<import name="{n}" namespace="{ns}" importType="{DMN}"/>' for n, ns in imports)
    return f'<definitions xmlns="{DMN}" name="m" namespace="{namespace}">{given}{body}</definitions>'.encode()


def decision(name: str, text: str, *needs: str, type_ref: str = "") -> str:
    kinds = {"i": ("information", "Input"), "d": ("information", "Decision"), "k": ("knowledge", "Knowledge")}
    drawn = "".join(
        f'<{kinds[kind][0]}Requirement><required{kinds[kind][1]} href="{href}"/></{kinds[kind][0]}Requirement>'
        for kind, href in (need.split(" ", 1) for need in needs)
    )
    return (
        f'<decision id="{name}" name="{name}"><variable name="{name}" {type_ref}/>{drawn}'
        f"<literalExpression><text>{text}</text></literalExpression></decision>"
    )


RATES = model(
    "rates",
    '<itemDefinition name="tax-payer"><itemComponent name="size"><typeRef>tSize</typeRef></itemComponent></itemDefinition>'
    '<itemDefinition name="tSize"><typeRef>string</typeRef><allowedValues><text>"small","general"</text></allowedValues>'
    '</itemDefinition><inputData id="i" name="payer"><variable name="payer" typeRef="tax-payer"/></inputData>'
    + decision("vat-rate", 'if payer.size = "small" then 0.01 else 0.13', "i #i")
    + '<businessKnowledgeModel id="k" name="half of"><variable name="half of"/><encapsulatedLogic>'
    '<formalParameter name="n" typeRef="number"/><literalExpression><text>n / 2</text></literalExpression>'
    "</encapsulatedLogic></businessKnowledgeModel>"
    '<decisionService id="s" name="rate of"><variable name="rate of"/><outputDecision href="#vat-rate"/>'
    '<inputData href="#i"/></decisionService>',
)
BILL = model(
    "bill",
    decision("tax", "r.half of(200 * r.vat-rate)", "d rates#vat-rate", "k rates#k"),
    ("r", "rates"),
)
FILES = {"rates.dmn": RATES, "bill.dmn": BILL}


def parsed(body: bytes, **more: bytes) -> Decisions:
    return dmn.parse(body, file="a.dmn", beside={**FILES, **{f"{n}.dmn": each for n, each in more.items()}})


def value(body: bytes, name: str = "d", /, **given: Any) -> Any:
    decisions = parsed(body)
    assert [str(each) for each in dmn.check(decisions)] == []
    return decisions.evaluate(name, given).value


def test_decisions_and_knowledge_of_another_file_are_read_with_the_name_of_the_import() -> None:
    assert value(BILL, "tax", payer={"size": "small"}) == Decimal(1)
    assert value(BILL, "tax", payer={"size": "general"}) == Decimal(13)


def test_inputs_of_another_file_may_be_given_as_parts_of_the_import() -> None:
    assert value(BILL, "tax", r={"payer": {"size": "small"}}) == Decimal(1)


def test_what_is_imported_by_an_import_is_found_too() -> None:
    body = model("top", decision("d", "b.tax + 1", "d bill#tax"), ("b", "bill"))

    assert value(body, payer={"size": "small"}) == 2


def test_decision_services_of_another_file_are_functions() -> None:
    body = model("top", decision("d", 'r.rate of({size: "general"})', "k rates#s"), ("r", "rates"))

    assert value(body) == Decimal("0.13")


def test_types_of_another_file_are_checked_with_their_allowed_values() -> None:
    given = '<inputData id="p" name="who"><variable name="who" typeRef="r.tax-payer"/></inputData>'
    body = model("top", given + decision("d", "who.size", "i #p"), ("r", "rates"))

    assert value(body, who={"size": "small"}) == "small"
    with pytest.raises(DecisionError, match=r"not of the type 'r\.tax-payer'"):
        value(body, who={"size": "huge"})


def test_a_type_of_another_file_is_known_to_instance_of() -> None:
    body = model("top", decision("d", '{size: "small"} instance of r.tax-payer'), ("r", "rates"))

    assert value(body) is True


def test_an_import_without_a_name_puts_nothing_before_what_it_imports() -> None:
    body = model("top", decision("d", "half of(8)", "k rates#k"), ("", "rates"))

    assert value(body) == 4


def test_a_result_that_two_files_need_is_made_once() -> None:
    base = model("base", decision("x", "1"))
    left, right = (model(name, decision("d", "b.x", "d base#x"), ("b", "base")) for name in ("l", "r"))
    top = model("top", decision("d", "l.d + r.d", "d l#d", "d r#d"), ("l", "l"), ("r", "r"))
    decisions = parsed(top, base=base, left=left, right=right)

    assert decisions.evaluate("d", {}).value == 2
    assert parsed(top, base=base, left=left, right=right) is decisions


def test_a_circle_of_imports_is_refused_by_name() -> None:
    one = model("one", decision("d", "1"), ("two", "two"))
    two = model("two", decision("d", "1"), ("one", "one"))
    files = {"one.dmn": one, "two.dmn": two}

    (problem,) = dmn.check(dmn.parse(one, file="one.dmn", beside=files))

    assert "in a circle: one.dmn, two.dmn;" in problem.message


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (model("top", decision("d", "1"), ("x", "nowhere")), "no file with the namespace 'nowhere'"),
        (model("top", decision("d", "r.no", "d rates#no"), ("r", "rates")), "requires 'rates#no'"),
        (model("top", decision("d", "1", type_ref='typeRef="r.no"'), ("r", "rates")), "no type 'r.no'"),
        (model("top", decision("d", "1"), ("r", "rates"), ("r", "bill")), "Two imports have the name 'r'"),
        (
            model("top", decision("d", "1"), ("r", "rates")).replace(f'"{DMN}"/>'.encode(), b'"urn:pmml"/>'),
            "no DMN",
        ),
    ],
)
def test_what_cannot_be_imported_is_told(body: bytes, told: str) -> None:
    assert any(told in problem.message for problem in dmn.check(parsed(body)))


def test_the_files_of_one_namespace_may_import_each_other() -> None:
    other = model("firm", decision("base", "40"))
    body = model("firm", decision("d", "o.base + 2", "d #base"), ("o", "firm"))

    assert parsed(body, other=other).evaluate("d", {}).value == 42
