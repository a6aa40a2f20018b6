"""The rules a value must keep: bounds, lengths, patterns, choices, dates not in the past."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engine.feel import Environment, Expression, Value
from engine.forms.fields import Field, Path, Rule
from engine.forms.reading import option_values
from engine.forms.values import Wrong

_EMAIL = re.compile(
    r"[^\s@<>,;:\"()\[\]]{1,64}@[A-Za-z0-9\u0080-\uffff](?:[A-Za-z0-9.\-\u0080-\uffff]{0,252})"
)
_PHONE = re.compile(r"\+?[0-9(][0-9 ()\-.]{4,24}", re.ASCII)
Check = Callable[[Field, Any, Mapping[str, Any], Environment], None]


def keep_rules(field: Field, value: Value, context: Mapping[str, Any], env: Environment) -> None:
    """Check a value against the rules of its field; ``context`` is what the conditions see. Raises Wrong."""
    for check in _CHECKS[field.type]:
        check(field, value, context, env)


def is_required(field: Field, context: Mapping[str, Any], env: Environment) -> bool:
    """Tell whether the field must have an answer now."""
    required = field.rules.required
    return required.evaluate(context, env) is True if isinstance(required, Expression) else required


def at_path(values: object, path: Path) -> Any:
    """Return what is kept under a path, None when nothing is."""
    for name in path:
        if not isinstance(values, Mapping):
            return None
        values = values.get(name)
    return values


def has_path(values: object, path: Path) -> bool:
    """Tell whether something is kept under a path, be it null."""
    for name in path:
        if not isinstance(values, Mapping) or name not in values:
            return False
        values = values[name]
    return True


def _bound(rule: Rule | None, name: str, context: Mapping[str, Any], env: Environment) -> Decimal | None:
    if rule is None or isinstance(rule, Decimal):
        return rule
    found = rule.evaluate(context, env)
    if found is not None and not isinstance(found, Decimal):
        raise Wrong("rule_unclear", rule=name)
    return found


def _range(field: Field, value: Decimal, context: Mapping[str, Any], env: Environment) -> None:
    least = _bound(field.rules.min, "min", context, env)
    most = _bound(field.rules.max, "max", context, env)
    if least is not None and value < least:
        raise Wrong("too_small", min=least)
    if most is not None and value > most:
        raise Wrong("too_large", max=most)


def _length(field: Field, value: str, context: Mapping[str, Any], env: Environment) -> None:
    least = _bound(field.rules.min_length, "minLength", context, env)
    most = _bound(field.rules.max_length, "maxLength", context, env)
    if least is not None and len(value) < least:
        raise Wrong("too_short", min=least)
    if most is not None and len(value) > most:
        raise Wrong("too_long", max=most)


def _form(field: Field, value: str, _context: Mapping[str, Any], _env: Environment) -> None:
    rules = field.rules
    if rules.pattern is not None and not rules.pattern.fits(value):
        if rules.pattern_message:
            raise Wrong("pattern_message", message=rules.pattern_message)
        raise Wrong("pattern")
    if rules.kind == "email" and not _EMAIL.fullmatch(value.strip()):
        raise Wrong("email")
    if rules.kind == "phone" and not _PHONE.fullmatch(value.strip()):
        raise Wrong("phone")


def _choice(field: Field, value: Value, context: Mapping[str, Any], env: Environment) -> None:
    if value not in _offered(field, context, env):
        raise Wrong("not_a_choice")


def _chosen(field: Field, value: Sequence[Value], context: Mapping[str, Any], env: Environment) -> None:
    offered = _offered(field, context, env)
    if any(item not in offered for item in value) or any(value.count(item) > 1 for item in value):
        raise Wrong("not_a_choice")


def _offered(field: Field, context: Mapping[str, Any], env: Environment) -> Sequence[Value]:
    choices = field.choices
    if choices.expression is not None:
        found = choices.expression.evaluate(context, env)
    elif choices.key:
        found = at_path(context, choices.key)
    else:
        return choices.static
    return option_values(found) if isinstance(found, list | tuple) else ()


def _future(field: Field, value: Value, _context: Mapping[str, Any], env: Environment) -> None:
    if not field.details.no_past or env.now is None or not isinstance(value, date):
        return
    today = env.now.astimezone(env.zone)
    if isinstance(value, datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=env.zone)
        past = moment.astimezone(env.zone).date() < today.date()
    else:
        past = value < today.date()
    if past:
        raise Wrong("past_date")


_CHECKS: dict[str, tuple[Check, ...]] = {
    "textfield": (_length, _form),
    "textarea": (_length, _form),
    "number": (_range,),
    "checkbox": (),
    "radio": (_choice,),
    "select": (_choice,),
    "checklist": (_chosen,),
    "taglist": (_chosen,),
    "datetime": (_future,),
    "filepicker": (),
}
