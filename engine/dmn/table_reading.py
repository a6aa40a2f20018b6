"""From the XML of a decision table to a table that can be evaluated."""

from __future__ import annotations

from engine import feel
from engine.dmn.cells import Cells, Test
from engine.dmn.item_types import ItemTypes
from engine.dmn.session import Logic, Session, Variables
from engine.dmn.source import Element, child, children, line, text_of
from engine.dmn.tables import POLICIES, Input, Output, Rule, Table
from engine.errors import ExpressionError
from engine.feel import Value


def read_table(element: Element, cells: Cells, types: ItemTypes) -> Table:
    """Return the compiled table; what is wrong with it is kept in ``cells``."""
    inputs = [_input(part, number, cells) for number, part in enumerate(children(element, "input"), 1)]
    outputs = [_output(part, number, cells) for number, part in enumerate(children(element, "output"), 1)]
    rules = [
        _rule(part, number, cells, inputs=len(inputs), outputs=len(outputs))
        for number, part in enumerate(children(element, "rule"), 1)
    ]
    if not outputs:
        cells.problem(element, "The decision table has no output; add one.")
    if element.get("preferredOrientation") == "CrossTable" and not rules:
        cells.problem(element, "Cross tables without rules are not supported; draw rules as rows.")
    return Table(
        cells.place(element),
        _policy(element, cells),
        tuple(inputs),
        tuple(outputs),
        tuple(rule for rule in rules if rule),
        types.fit,
    )


def _policy(element: Element, cells: Cells) -> str:
    policy = " ".join([element.get("hitPolicy", "UNIQUE"), element.get("aggregation", "")]).strip()
    if policy not in POLICIES:
        cells.problem(
            element, f"There is no hit policy '{policy}'; use one of {', '.join(sorted(POLICIES))}."
        )
        return "UNIQUE"
    return policy


def _input(element: Element, number: int, cells: Cells) -> Input:
    expression = child(element, "inputExpression")
    label = str(element.get("label") or text_of(expression).strip() or f"input {number}")
    what = f"input '{label}'"
    allowed = child(element, "inputValues")
    if expression is None or not text_of(expression).strip():
        cells.problem(element, f"The {what} has no expression; write what the column tests.")
        expression = element
    return Input(
        label,
        cells.expression(expression, what),
        _allowed(allowed, f"allowed values of {what}", cells),
        cells.place(element),
    )


def _output(element: Element, number: int, cells: Cells) -> Output:
    name = str(element.get("name") or element.get("label") or f"output {number}")
    values, default = child(element, "outputValues"), child(element, "defaultOutputEntry")
    return Output(
        name,
        cells.expression(default, f"default of output '{name}'") if default is not None else None,
        _allowed(values, f"values of output '{name}'", cells),
        _priorities(values),
        cells.place(element),
        element.get("typeRef"),
    )


def _rule(element: Element, number: int, cells: Cells, *, inputs: int, outputs: int) -> Rule | None:
    tests, results = list(children(element, "inputEntry")), list(children(element, "outputEntry"))
    if (len(tests), len(results)) != (inputs, outputs):
        cells.problem(
            element,
            f"Rule {number} has {len(tests)} tests and {len(results)} results for {inputs} inputs and"
            f" {outputs} outputs; give each column one cell.",
        )
        return None
    return Rule(
        str(element.get("id") or number) if element.get("id") else number,
        number,
        line(element),
        tuple(cells.tests(cell, f"rule {number}, input {at}") for at, cell in enumerate(tests, 1)),
        tuple(cells.expression(cell, f"rule {number}, output {at}") for at, cell in enumerate(results, 1)),
    )


def _allowed(element: Element | None, what: str, cells: Cells) -> Test | None:
    return None if element is None or not text_of(element).strip() else cells.tests(element, what)


def _priorities(element: Element | None) -> Logic | None:
    if element is None or not text_of(element).strip():
        return None
    try:
        order = feel.compile(f"[{text_of(element)}]")
    except ExpressionError:
        return None  # the same text is compiled as tests, which keeps the problem

    def logic(_variables: Variables, session: Session) -> Value:
        return order.evaluate({}, session.env)

    return logic
