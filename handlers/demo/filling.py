"""How the demo's people fill in a form: what the script says, what is known already, else something plausible."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from engine.feel import Environment, Expression
from engine.forms import Field, Form
from engine.forms.reading import option_values

Answers = dict[str, Any]
Fill = Callable[[Field, list[Any], datetime], Any]


def fill(form: Form, variables: Mapping[str, Any], script: Mapping[str, Any], env: Environment) -> Answers:
    """Return answers as a browser sends them: ``script`` (by path of the answer) first, then what the variables hold.

    A required field that neither knows gets a plausible answer of its type; optional ones stay empty. ``env.now`` is today.
    """
    answers: Answers = {}
    for field, hidden_by in _inputs(form.fields, ()):
        context = {**variables, **answers}
        if any(hide.evaluate(context, env) is True for hide in hidden_by):
            continue
        answer = _answer(field, context, script, env)
        if answer is not None:
            _put(answers, field.path, answer)
    return answers


def _answer(field: Field, context: Mapping[str, Any], script: Mapping[str, Any], env: Environment) -> Any:
    if field.locked is True:
        return None
    if field.key in script:
        return script[field.key]
    known = _shown(_at(context, field.path), field)
    offered = _offered(field, context, env)
    if known is not None and _fits(known, field, offered):
        return known
    required = field.rules.required
    if isinstance(required, Expression):
        required = required.evaluate(context, env) is True
    if not required or field.type == "dynamiclist" or env.now is None:
        return None
    return _PLAUSIBLE[field.type](field, offered, env.now.astimezone(env.zone))


def _inputs(
    fields: tuple[Field, ...], hidden_by: tuple[Expression, ...]
) -> Iterator[tuple[Field, tuple[Expression, ...]]]:
    for field in fields:
        hides = hidden_by if field.hide is None else (*hidden_by, field.hide)
        if field.type == "group":
            yield from _inputs(field.children, hides)
        elif field.is_input or field.type == "dynamiclist":
            yield field, hides


def _offered(field: Field, context: Mapping[str, Any], env: Environment) -> list[Any]:
    choices = field.choices
    if choices.expression is not None:
        found = choices.expression.evaluate(context, env)
    else:
        found = _at(context, choices.key) if choices.key else None
    return list(option_values(found)) if isinstance(found, list | tuple) else list(choices.static)


def _fits(known: Any, field: Field, offered: list[Any]) -> bool:
    """Tell whether a known value may stand in the field: it is among what is offered."""
    if field.type in {"radio", "select"}:
        return known in offered
    if field.type in {"checklist", "taglist"}:
        return isinstance(known, list) and all(each in offered for each in known)
    return field.type != "filepicker"


def _shown(value: Any, field: Field) -> Any:
    """Return a process variable as the browser shows and sends it back."""
    if isinstance(value, datetime | date | time):
        text = value.isoformat() if not isinstance(value, datetime) else value.isoformat(timespec="minutes")
        return text[:10] if field.details.subtype == "date" else text
    if field.type == "dynamiclist" and isinstance(value, list):
        keys = {child.path[0] for child in field.children if child.path}
        return [{name: item[name] for name in keys & item.keys()} for item in value]
    return value


def _at(values: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        if not isinstance(values, Mapping):
            return None
        values = values.get(name)
    return values


def _put(answers: Answers, path: tuple[str, ...], answer: Any) -> None:
    for name in path[:-1]:
        answers = answers.setdefault(name, {})
    answers[path[-1]] = answer


def _text(field: Field, offered: list[Any], now: datetime) -> str:
    del offered, now
    shortest = field.rules.min_length
    wanted = int(shortest) if isinstance(shortest, Decimal) else 0
    kinds = {"email": "somebody@example.com", "phone": "13800000000"}
    return kinds.get(field.rules.kind) or "已核对，无异常。".ljust(wanted, "。")


def _number(field: Field, offered: list[Any], now: datetime) -> str:
    del offered, now
    return str(field.rules.min) if isinstance(field.rules.min, Decimal) else "0"


def _moment(field: Field, offered: list[Any], now: datetime) -> str:
    del offered
    forms = {"date": "%Y-%m-%d", "time": "%H:%M", "datetime": "%Y-%m-%dT%H:%M"}
    return now.strftime(forms[field.details.subtype])


_PLAUSIBLE: dict[str, Fill] = {
    "textfield": _text,
    "textarea": _text,
    "number": _number,
    "checkbox": lambda *_: True,
    "radio": lambda _field, offered, _now: offered[0] if offered else None,
    "select": lambda _field, offered, _now: offered[0] if offered else None,
    "checklist": lambda _field, offered, _now: offered or None,
    "taglist": lambda _field, offered, _now: offered[:1] or None,
    "datetime": _moment,
    "filepicker": lambda *_: None,
}
