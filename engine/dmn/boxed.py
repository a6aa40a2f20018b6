"""Boxed expressions: whatever can stand where a decision has its logic (DMN 1.5, 7.3 and 10.2)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from engine import feel
from engine.dmn.cells import ANY_NAME, Cells
from engine.dmn.item_types import ItemTypes
from engine.dmn.session import Logic, Session, Variables
from engine.dmn.source import Element, child, children, local
from engine.dmn.table_reading import read_table
from engine.errors import DecisionError, ExpressionError
from engine.feel import Expression, Function, Value
from engine.feel.functions import Parameter, Variant

Read = Callable[["Reader", Element], Logic]


class Reader:
    """Reads the boxed expressions of one file."""

    def __init__(self, cells: Cells, types: ItemTypes) -> None:
        """Compile with ``cells``; values are made to fit ``types``."""
        self.cells, self.types = cells, types

    def logic(self, element: Element) -> Logic:
        """Return the logic of a boxed expression; a declared ``typeRef`` is kept."""
        read = _READERS.get(local(element))
        if read is None:
            self.cells.problem(element, f"A boxed expression '{local(element)}' is not supported.")
            return _nothing
        logic, written = read(self, element), element.get("typeRef")
        place = self.cells.place(element)
        if not written or local(element) == "functionDefinition":
            return logic
        return lambda variables, session: self.types.fit(logic(variables, session), written, session, place)

    def inside(self, element: Element, *names: str) -> Logic:
        """Return the logic of the boxed expression in ``element`` (or in its part of one of ``names``)."""
        holder = child(element, *names) if names else element
        boxed = None if holder is None else next((c for c in children(holder) if local(c) in _READERS), None)
        if boxed is None:
            what = f"'{names[0]}' of a '{local(element)}'" if names else f"'{local(element)}'"
            self.cells.problem(element, f"The {what} has no expression.")
            return _nothing
        return self.logic(boxed)

    def variable(self, element: Element, logic: Logic) -> tuple[str, Logic]:
        """Return the name of the ``variable`` in ``element`` and ``logic`` made to fit its type."""
        variable = child(element, "variable")
        if variable is None:
            return "", logic
        name, written, place = variable.get("name", ""), variable.get("typeRef"), self.cells.place(variable)
        if not written:
            return name, logic
        return name, lambda variables, session: self.types.fit(
            logic(variables, session), written, session, place
        )


def function_logic(reader: Reader, element: Element, written: str | None = None) -> Logic:
    """Return the logic that gives the function of a ``functionDefinition`` or ``encapsulatedLogic``.

    ``written`` is the declared type of the variable that holds it: of the function, or of what it gives.
    """
    parameters = [
        Parameter(part.get("name", ""), type=reader.types.reference(part.get("typeRef")))
        for part in children(element, "formalParameter")
    ]
    names = [parameter.name for parameter in parameters]
    if element.get("kind", "FEEL") not in ("FEEL", "F", "feel"):
        reader.cells.problem(
            element, f"A function of kind '{element.get('kind')}' is not supported; use FEEL."
        )
        return _nothing
    boxed = next((part for part in children(element) if local(part) in _READERS), None)
    with reader.cells.knowing(*names):
        body = reader.logic(boxed) if boxed is not None else _nothing
    result = reader.types.result(element.get("typeRef") or written)
    place = reader.cells.place(element)

    def logic(variables: Variables, session: Session) -> Function:
        def call(*arguments: Value) -> Value:
            value = body({**variables, **dict(zip(names, arguments, strict=False))}, session)
            return reader.types.fit_type(value, result, session, place=place)

        return Function("function", (Variant(tuple(parameters), call),), result)

    return logic


def _nothing(_variables: Variables, _session: Session) -> Value:
    return None


def _literal(reader: Reader, element: Element) -> Logic:
    if child(element, "importedValues") is not None:
        reader.cells.problem(element, "Imported values are not supported; write the expression here.")
        return _nothing
    return reader.cells.expression(element, "expression")


def _context(reader: Reader, element: Element) -> Logic:
    entries: list[tuple[str, Logic]] = []
    with reader.cells.knowing() as names:
        for part in children(element, "contextEntry"):
            entries.append(reader.variable(part, reader.inside(part)))
            name = entries[-1][0]
            if name in names:
                reader.cells.problem(part, f"The context has two entries '{name}'; rename one.")
            if len(entries) > 1 and not entries[-2][0]:
                reader.cells.problem(part, "Only the last entry of a context may be without a name.")
            names.add(name)

    def logic(variables: Variables, session: Session) -> Value:
        inner, made = dict(variables), {}
        for name, entry in entries:
            value = entry(inner, session)
            if not name:
                return value
            inner[name] = made[name] = value
        return made

    return logic


def _invocation(reader: Reader, element: Element) -> Logic:
    function = reader.inside(element)
    bindings: list[tuple[str, Logic]] = []
    for part in children(element, "binding"):
        parameter = child(part, "parameter")
        has_value = any(local(boxed) in _READERS for boxed in children(part))
        name = parameter.get("name", "") if parameter is not None else ""
        bindings.append((name, reader.inside(part) if has_value else _nothing))
    place = reader.cells.place(element)

    def logic(variables: Variables, session: Session) -> Value:
        target = function(variables, session)
        given = {name: value(variables, session) for name, value in bindings}
        if not isinstance(target, Function):
            session.warn(place, ("There is no such function to invoke.",))
            return None
        try:
            value, warnings = feel.call(target, given, session.env)
        except ExpressionError as error:
            raise DecisionError(f"{place}: {error}") from error
        session.warn(place, warnings)
        return value

    return logic


def _list(reader: Reader, element: Element) -> Logic:
    items = [reader.logic(part) for part in children(element) if local(part) in _READERS]
    return lambda variables, session: [item(variables, session) for item in items]


def _relation(reader: Reader, element: Element) -> Logic:
    columns = [(column.get("name", ""), column.get("typeRef")) for column in children(element, "column")]
    place, rows = reader.cells.place(element), []
    for row in children(element, "row"):
        cells = [reader.logic(part) for part in children(row) if local(part) in _READERS]
        if len(cells) != len(columns):
            reader.cells.problem(
                row, f"The row has {len(cells)} cells for {len(columns)} columns; give each column one."
            )
        rows.append(list(zip(columns, cells, strict=False)))
    fit = reader.types.fit
    return lambda variables, session: [
        {name: fit(cell(variables, session), type_, session, place) for (name, type_), cell in row}
        for row in rows
    ]


def _conditional(reader: Reader, element: Element) -> Logic:
    test, yes, no = (reader.inside(element, name) for name in ("if", "then", "else"))
    place = reader.cells.place(element)

    def logic(variables: Variables, session: Session) -> Value:
        answer = test(variables, session)
        if answer is not None and not isinstance(answer, bool):
            session.warn(place, ("The condition is neither true nor false.",))
            return None
        return yes(variables, session) if answer is True else no(variables, session)

    return logic


def _loop(reader: Reader, element: Element, *, part: str, form: str) -> Logic:
    variable = "item" if part == "match" else element.get("iteratorVariable", "item")
    source = reader.inside(element, "in")
    own_names = {"return": ("partial",), "match": (ANY_NAME,)}.get(part, ())
    with reader.cells.knowing(variable, *own_names):
        body = reader.inside(element, part)
    expression, place = feel.compile(form), reader.cells.place(element)

    def logic(variables: Variables, session: Session) -> Value:
        def call(item: Value, partial: Value = None) -> Value:
            own = {"partial": partial} if part == "return" else {}
            if part == "match" and isinstance(item, dict):
                own = item
            return body({**variables, variable: item, **own}, session)

        each = Function("body", (Variant((Parameter("item"), Parameter("partial", optional=True)), call),))
        return _evaluate(expression, {"source": source(variables, session), "body": each}, session, place)

    return logic


def _evaluate(expression: Expression, variables: Variables, session: Session, place: str) -> Value:
    try:
        value, warnings = expression.evaluate_with_warnings(variables, session.env)
    except ExpressionError as error:
        raise DecisionError(f"{place}: {error}") from error
    session.warn(place, warnings)
    return value


_JUDGED = (
    "{{a: for i in source return body(i), r: if every i in a satisfies i = null or i instance of boolean"
    " then ({} i in a satisfies i) else null}}.r"
)
_KEPT = "(for i in source[true] return {value: i, kept: body(i)})[kept = true].value"
_READERS: dict[str, Read] = {
    "literalExpression": _literal,
    "decisionTable": lambda reader, element: read_table(element, reader.cells, reader.types),
    "context": _context,
    "invocation": _invocation,
    "list": _list,
    "relation": _relation,
    "functionDefinition": function_logic,
    "conditional": _conditional,
    "for": partial(_loop, part="return", form="for i in source return body(i, partial)"),
    "some": partial(_loop, part="satisfies", form=_JUDGED.format("some")),
    "every": partial(_loop, part="satisfies", form=_JUDGED.format("every")),
    "filter": partial(_loop, part="match", form=_KEPT),
}
