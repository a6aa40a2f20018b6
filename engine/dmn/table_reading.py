"""From the XML of a decision table to a table that can be evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from engine import feel
from engine.dmn.cell_sets import CellSet, constant_list
from engine.dmn.cells import Cells, Test
from engine.dmn.dating import read_dated
from engine.dmn.index import column_index
from engine.dmn.item_types import ItemTypes
from engine.dmn.session import Logic, Session, Variables
from engine.dmn.sheets import Row, Sheet, Source, column, date_column
from engine.dmn.source import Element, child, children, line, text_of
from engine.dmn.tables import POLICIES, Input, Output, Rule, Table
from engine.errors import DecisionError, ExpressionError
from engine.feel import DEFAULT, Value


def read_table(element: Element, cells: Cells, types: ItemTypes) -> Table:
    """Return the compiled table; what is wrong with it is kept in ``cells``, and what the checks look at."""
    inputs = [_input(part, number, cells) for number, part in enumerate(children(element, "input"), 1)]
    outputs = [_output(part, number, cells) for number, part in enumerate(children(element, "output"), 1)]
    read = [
        (part, _rule(part, number, cells, inputs=len(inputs), outputs=len(outputs)))
        for number, part in enumerate(children(element, "rule"), 1)
    ]
    lines = [(part, rule) for part, rule in read if rule is not None]
    if not outputs:
        cells.problem(element, "The decision table has no output; add one.")
    if element.get("preferredOrientation") == "CrossTable" and not lines:
        cells.problem(element, "Cross tables without rules are not supported; draw rules as rows.")
    policy = _policy(element, cells)
    if len(outputs) > 1 and policy.startswith("COLLECT "):
        cells.problem(element, f"The hit policy {policy} needs one output, not {len(outputs)}.")
    if policy in ("PRIORITY", "OUTPUT ORDER") and all(output.priorities is None for output in outputs):
        message = f"The hit policy {policy} goes by the order of the output values; list them."
        cells.problem(element, message, level="warning")
    dated = read_dated(element, [part for part, _ in lines], cells)
    columns: list[Sequence[CellSet | None]] = [
        [rule.cells[at] for _, rule in lines] for at in range(len(inputs))
    ]
    if dated:
        columns.append([valid.days for valid in dated.rules])
    table = Table(
        cells.place(element),
        policy,
        tuple(entry for entry, _ in inputs),
        tuple(outputs),
        tuple(rule for _, rule in lines),
        types.fit,
        tuple(column_index(column) for column in columns),
        dated,
    )
    cells.sheets.append(_sheet(element, cells, types, table=table, inputs=[source for _, source in inputs]))
    return table


def _sheet(
    element: Element, cells: Cells, types: ItemTypes, *, table: Table, inputs: list[Source]
) -> Callable[[], Sheet]:
    """Return how to make what the checks look at, for those who check."""
    place, at, given = cells.element, line(element), cells.given
    parts = [list(children(part, "outputEntry")) for part in children(element, "rule")]
    values = [child(part, "outputValues") for part in children(element, "output")]

    def made() -> Sheet:
        dated, session = table.dated, Session(replace(DEFAULT, types=types.types), strict=True)
        columns = [column(source, cells.names, types, given) for source in inputs]
        if dated:
            columns.append(date_column(dated.text, cells.names, limits=[dated.span]))
        rows = [
            _row(table, at_place, parts[rule.number - 1], cells=cells, session=session)
            for at_place, rule in enumerate(table.rules)
        ]
        return Sheet(
            place,
            at,
            table.policy,
            tuple(columns),
            tuple(rows),
            any(output.default for output in table.outputs),
            tuple(_ranks(part, cells) for part in values),
            dated is not None,
        )

    return made


def _row(table: Table, place: int, entries: list[Element], *, cells: Cells, session: Session) -> Row:
    rule = table.rules[place]
    days = (table.dated.rules[place].days,) if table.dated else ()
    return Row(
        rule.number,
        rule.line,
        (*rule.cells, *days),
        tuple(cells.constant(entry) for entry in entries),
        tuple(text_of(entry).strip() for entry in entries),
        tuple(_misfits(table, rule, entries, cells=cells, session=session)),
    )


def _misfits(
    table: Table, rule: Rule, entries: list[Element], *, cells: Cells, session: Session
) -> Iterator[str]:
    """Yield what evaluation would say against the constant results of a rule."""
    for output, entry in zip(table.outputs, entries, strict=True):
        known = cells.constant(entry)
        if known is None or (output.allowed is not None and output.values is None):
            continue
        try:
            table.result(output, known[0], str(rule), session=session, variables={})
        except DecisionError:
            yield f"{output.name} = {text_of(entry).strip()}"


def _ranks(element: Element | None, cells: Cells) -> list[Any] | None:
    text = text_of(element).strip()
    if not text:
        return None
    return constant_list(text, cells.names)


def _policy(element: Element, cells: Cells) -> str:
    policy = " ".join([element.get("hitPolicy", "UNIQUE"), element.get("aggregation", "")]).strip()
    if policy not in POLICIES:
        cells.problem(
            element, f"There is no hit policy '{policy}'; use one of {', '.join(sorted(POLICIES))}."
        )
        return "UNIQUE"
    return policy


def _input(element: Element, number: int, cells: Cells) -> tuple[Input, Source]:
    expression = child(element, "inputExpression")
    text = text_of(expression).strip()
    label = str(element.get("label") or text or f"input {number}")
    what = f"input '{label}'"
    allowed = child(element, "inputValues")
    if expression is None or not text:
        cells.problem(element, f"The {what} has no expression; write what the column tests.")
        expression = element
    entry = Input(
        label,
        cells.expression(expression, what),
        _allowed(allowed, f"allowed values of {what}", cells),
        cells.place(element),
    )
    declared = None if entry.allowed is None or allowed is None else [cells.set_of(allowed)]
    return entry, Source(label, text, expression.get("typeRef"), declared)


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
        None if values is None else cells.set_of(values),
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
        tuple(cells.set_of(cell) for cell in tests),
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
