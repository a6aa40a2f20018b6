"""A client's step as plain fields: texts filled in, conditions decided here, answers read back from an HTML form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from markupsafe import Markup
from werkzeug.datastructures import MultiDict

from engine import feel
from engine.errors import ExpressionError
from engine.feel import Environment
from engine.forms import Field, Form
from engine.forms.rules import at_path, is_required
from engine.forms.validating import merged
from webui.coded_words import worded
from webui.portal_text import filled, html, written

PLAIN = frozenset({"text", "textfield", "textarea", "number", "radio", "select", "checkbox", "checklist"})
SHOWN = PLAIN | {"datetime", "filepicker", "table", "separator", "spacer"}
MARK = "field."
KEPT = "kept."
LONGEST_SCALE = 11
LONGEST_LABEL = 2

Component = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice: what the browser sends, what the client reads, and the row of a list that it belongs to."""

    value: str
    label: str
    chosen: bool
    row: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shown:
    """One component as the page shows it; ``look`` picks the macro, ``limits`` are attributes of the input."""

    look: str
    key: str = ""
    name: str = ""
    label: str = ""
    hint: str = ""
    text: Markup | None = None
    value: Any = None
    options: tuple[Option, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    rows: tuple[Mapping[str, str], ...] = ()
    required: bool = False
    hidden: bool = False
    problem: str = ""
    limits: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """What a step's form is made of: the schema in the page's language, the compiled form, what the client may see."""

    schema: Component
    form: Form
    variables: Mapping[str, Any]
    env: Environment

    @property
    def components(self) -> list[Component]:
        """The components in their order."""
        return list(self.schema.get("components", ()))


def is_plain(schema: Component) -> bool:
    """Tell whether all components can be shown as plain fields; lists of rows and groups cannot."""
    return all(
        each.get("type") in SHOWN and not (each.get("type") == "datetime" and each.get("subtype") != "date")
        for each in schema.get("components", ())
    )


def shown(step: Step, answers: Mapping[str, Any], problems: Mapping[str, str]) -> list[Shown]:
    """Return the fields of a step with the answers so far; ``hidden`` as the form's conditions say now."""
    fields = {each.id: each for each in step.form.fields}
    seen: dict[str, Any] = {}
    found = []
    for part in step.components:
        one = fields.get(part.get("id", ""))
        context = merged(step.variables, seen)
        hides = one is not None and one.hide is not None and _holds(one.hide, context, step.env)
        answer = answers.get(part.get("key", ""))
        if one is not None and one.is_input and not hides and answer not in (None, ""):
            seen[part["key"]] = _native(answer, part)
        made = _shown(step, part, one, (context, answer))
        if made is not None:
            found.append(replace(made, hidden=hides, problem=problems.get(made.key, "")))
    return _merge_clauses(found)


def answers_of(step: Step, given: MultiDict[str, str]) -> dict[str, Any]:
    """Return what an HTML form holds as the answers that the form's validation takes."""
    answers: dict[str, Any] = {}
    for part in step.components:
        key, kind = part.get("key", ""), part.get("type")
        if not key:
            continue
        name = MARK + key
        if kind == "filepicker":
            answers[key] = given.getlist(KEPT + key) or None
        elif kind == "checkbox":
            answers[key] = name in given
        elif kind == "checklist":
            wanted = frozenset(given.getlist(name))
            answers[key] = [
                value for value, _ in _choices(step, part, step.variables) if str(value) in wanted
            ]
        elif kind in {"radio", "select"}:
            sent = given.get(name)
            values = (value for value, _ in _choices(step, part, step.variables))
            answers[key] = next((value for value in values if str(value) == sent), sent or None)
        else:
            answers[key] = given.get(name, "").strip() or None
    return {key: value for key, value in answers.items() if value not in (None, [])}


def _shown(
    step: Step, part: Component, one: Field | None, state: tuple[Mapping[str, Any], Any]
) -> Shown | None:
    context, answer = state
    kind = str(part.get("type"))
    if kind == "text":
        return Shown("text", text=html(filled(str(part.get("text", "")), context, step.env)))
    if kind == "table":
        return _table(step, part, context)
    if one is None or not one.is_input:
        return None
    options = _options(step, part, context, answer)
    return Shown(
        look=_look(part, options),
        key=part["key"],
        name=MARK + part["key"],
        label=str(part.get("label") or part.get("dateLabel") or ""),
        hint=filled(str(part.get("description", "")), context, step.env),
        value=answer,
        options=options,
        required=_required(one, context, step.env),
        limits=_limits(part),
    )


def _look(part: Component, options: tuple[Option, ...]) -> str:
    kind = str(part["type"])
    if kind == "number" and _scale(part):
        return "scale"
    if kind == "radio" and options and all(len(each.label) <= LONGEST_LABEL for each in options):
        return "scale"
    return kind


def _scale(part: Component) -> range | None:
    """Return the whole numbers from min to max when they are few: then they are buttons, not a field to type in."""
    rules = part.get("validate", {})
    least, most = rules.get("min"), rules.get("max")
    whole = part.get("decimalDigits") == 0 and isinstance(least, int) and isinstance(most, int)
    return range(least, most + 1) if whole and most - least < LONGEST_SCALE else None


def _options(step: Step, part: Component, context: Mapping[str, Any], answer: Any) -> tuple[Option, ...]:
    if part["type"] == "number":
        return tuple(Option(str(n), str(n), str(n) == str(answer)) for n in _scale(part) or ())
    chosen = {str(each) for each in answer} if isinstance(answer, list) else {str(answer)}
    return tuple(
        Option(str(value), written(row.get("label", value)), str(value) in chosen, row)
        for value, row in _choices(step, part, context)
    )


def _choices(
    step: Step, part: Component, context: Mapping[str, Any]
) -> Iterable[tuple[Any, Mapping[str, Any]]]:
    given: Any = part.get("values") or ()
    if part.get("valuesKey"):
        given = at_path(context, tuple(str(part["valuesKey"]).split("."))) or ()
    elif part.get("valuesExpression"):
        given = _evaluated(str(part["valuesExpression"]), context, step.env) or ()
    for each in given:
        row = each if isinstance(each, Mapping) else {"value": each, "label": each}
        yield row.get("value", row.get("label")), row


def _table(step: Step, part: Component, context: Mapping[str, Any]) -> Shown:
    source = str(part.get("dataSource", ""))
    rows = worded(_evaluated(source, context, step.env) or [], part.get("columns", ()))
    columns = tuple(
        (str(each["key"]), str(each.get("label", each["key"]))) for each in part.get("columns", ())
    )
    return Shown(
        "table",
        name=source.removeprefix("="),
        label=str(part.get("label", "")),
        columns=columns,
        rows=tuple(
            {key: written(row.get(key)) for key, _ in columns} for row in rows if isinstance(row, Mapping)
        ),
    )


def _merge_clauses(found: list[Shown]) -> list[Shown]:
    """Put a table and the checklist over its rows together: each row is read and ticked where it stands."""
    tables = {each.name: each for each in found if each.look == "table" and each.rows}
    kept = []
    gone = set()
    for each in found:
        table = next(
            (tables[name] for name in tables if each.look == "checklist" and _same(each, tables[name])), None
        )
        if table is not None:
            gone.add(id(table))
            kept.append(replace(each, look="clauses", columns=table.columns, rows=table.rows))
        else:
            kept.append(each)
    return [each for each in kept if id(each) not in gone]


def _same(checklist: Shown, table: Shown) -> bool:
    keys = [key for key, _ in table.columns]
    told = [tuple(written(option.row.get(key)) for key in keys) for option in checklist.options]
    return told == [tuple(row.values()) for row in table.rows]


def _limits(part: Component) -> dict[str, Any]:
    rules = part.get("validate", {})
    names = {"maxLength": "maxlength", "minLength": "minlength", "min": "min", "max": "max"}
    found = {html_name: rules[name] for name, html_name in names.items() if rules.get(name) not in (None, "")}
    if part["type"] == "number":
        found["inputmode"] = "numeric" if part.get("decimalDigits") == 0 else "decimal"
    if part["type"] == "filepicker":
        found |= {"multiple": bool(part.get("multiple")), "accept": part.get("accept", "")}
    return found


def _required(one: Field, context: Mapping[str, Any], env: Environment) -> bool:
    try:
        return is_required(one, context, env)
    except ExpressionError:
        return False


def _holds(condition: feel.Expression, context: Mapping[str, Any], env: Environment) -> bool:
    try:
        return condition.evaluate(dict(context), env) is True
    except ExpressionError:
        return False


def _evaluated(source: str, context: Mapping[str, Any], env: Environment) -> Any:
    try:
        return feel.compile(source.removeprefix("="), names=frozenset(context)).evaluate(dict(context), env)
    except ExpressionError:
        return None


def _native(answer: Any, part: Component) -> Any:
    if part["type"] == "number":
        return feel.compile(str(answer)).evaluate({}) if str(answer).replace(".", "", 1).isdigit() else None
    return feel.native(answer)
