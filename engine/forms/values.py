"""Answers of each type of field as values: what the browser sends becomes text, decimal, date or list."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Context, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine import feel
from engine.feel import Value
from engine.feel.wide import WideDate, WideMoment
from engine.forms.fields import Field
from engine.forms.problem import Problem

MAX_NUMBER = 60
_WIDE = Context(prec=4 * MAX_NUMBER)
MAX_TEXT = 100_000
MAX_ENTRIES = 500
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?|[+-]?\.\d+", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:?\d\d)?", re.ASCII)
_BOOLEANS = {True: True, False: False, "true": True, "false": False, "on": True}
_FULL_WIDTH = str.maketrans("０１２３４５６７８９．－＋", "0123456789.-+")


class Wrong(Exception):
    """An answer that cannot be used, with its problem."""

    def __init__(self, code: str, **args: object) -> None:
        """Keep the problem."""
        super().__init__(code)
        self.problem = Problem(code, {name: str(value) for name, value in args.items()})


def value_of(field: Field, answer: object) -> Value:
    """Return the value of a non-empty answer; raises Wrong when it is not of the field's type."""
    return _READERS[field.type](field, answer)


def is_empty(answer: object) -> bool:
    """Tell whether an answer is as good as none."""
    return answer is None or answer in ([], ()) or (isinstance(answer, str) and not answer.strip())


def browser_value(field: Field, value: Value) -> Value:
    """Return the value as conditions in the browser see it: dates and serialised numbers are texts."""
    if isinstance(value, Decimal):
        return format(value, "f") if field.details.as_string else value
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return value.isoformat(timespec="minutes") if isinstance(value, time) else value


def browser_variables(value: Any, zone: ZoneInfo) -> Any:
    """Return variables as conditions in the browser see them: its data is JSON, so dates are texts."""
    if isinstance(value, Mapping):
        return {name: browser_variables(inner, zone) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [browser_variables(inner, zone) for inner in value]
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(timespec="minutes") if value.tzinfo else value.isoformat()
    if isinstance(value, WideDate | WideMoment):
        return str(value)
    return value.isoformat() if isinstance(value, date | time) else value


def empty_value(field: Field) -> Value:
    """Return what form-js keeps for a field without an answer."""
    empty = EMPTY.get(field.type)
    return [] if empty == [] else empty


def _text(_field: Field, answer: object) -> str:
    if not isinstance(answer, str):
        raise Wrong("not_text")
    if len(answer) > MAX_TEXT:
        raise Wrong("too_long", max=MAX_TEXT)
    if "\x00" in answer:
        raise Wrong("not_text")
    return answer


def _number(field: Field, answer: object) -> Decimal:
    number = _decimal(answer)
    digits, step = field.details.decimal_digits, field.details.increment
    exponent = number.as_tuple().exponent
    if digits is not None and isinstance(exponent, int) and -exponent > digits:
        shorter = number.normalize().as_tuple().exponent
        if not isinstance(shorter, int) or -shorter > digits:
            raise Wrong("decimal_digits", digits=digits)
    if step and _WIDE.remainder(number, step):
        raise Wrong("increment", step=step)
    return number


def _decimal(answer: object) -> Decimal:
    if isinstance(answer, bool) or not isinstance(answer, int | float | Decimal | str):
        raise Wrong("not_number")
    if isinstance(answer, float):
        answer = repr(answer)
    text = str(answer).strip().translate(_FULL_WIDTH)
    if isinstance(answer, str) and "e" not in text and not _NUMBER.fullmatch(text):
        raise Wrong("not_number")
    if len(text) > MAX_NUMBER:
        raise Wrong("not_number")
    try:
        number = Decimal(text.replace(",", "").replace("，", ""))
    except ArithmeticError:
        raise Wrong("not_number") from None
    if not number.is_finite() or abs(number.adjusted()) > MAX_NUMBER:
        raise Wrong("not_number")
    return number


def _boolean(_field: Field, answer: object) -> bool:
    if not isinstance(answer, bool | str) or answer not in _BOOLEANS:
        raise Wrong("not_boolean")
    return _BOOLEANS[answer]


def _one(_field: Field, answer: object) -> Value:
    if isinstance(answer, Mapping | list | tuple):
        raise Wrong("not_a_choice")
    return feel.native(answer)


def _several(_field: Field, answer: object) -> list[Value]:
    return [feel.native(item) for item in _entries(answer) if not isinstance(item, Mapping | list | tuple)]


def _moment(field: Field, answer: object) -> date | time | datetime:
    subtype = field.details.subtype
    if isinstance(answer, datetime | date | time) and type(answer) is _MOMENTS[subtype][0]:
        return answer
    if not isinstance(answer, str):
        raise Wrong(f"not_a_{subtype}")
    try:
        return _MOMENTS[subtype][1](answer.strip())
    except ValueError:
        raise Wrong(f"not_a_{subtype}") from None


def _date(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def _time(text: str) -> time:
    if not _TIME.fullmatch(text):
        raise ValueError(text)
    found = time.fromisoformat(text)
    return found.replace(tzinfo=UTC) if text.endswith("Z") else found


def _datetime(text: str) -> datetime:
    day, separator, clock = text.partition("T")
    if not separator:
        raise ValueError(text)
    return datetime.combine(_date(day), _time(clock))


EMPTY: dict[str, Value] = {
    "textfield": "",
    "textarea": "",
    "checkbox": False,
    "checklist": [],
    "taglist": [],
}
_MOMENTS: dict[str, tuple[type, Callable[[str], date | time | datetime]]] = {
    "date": (date, _date),
    "time": (time, _time),
    "datetime": (datetime, _datetime),
}


def _files(field: Field, answer: object) -> str | list[str]:
    if isinstance(answer, str) and not field.details.multiple:
        return _text(field, answer)
    names = [_text(field, name) for name in _entries([answer] if isinstance(answer, str) else answer)]
    if field.details.multiple:
        return names
    if len(names) != 1:
        raise Wrong("not_a_file")
    return names[0]


def _entries(answer: object) -> Sequence[Any]:
    if not isinstance(answer, list | tuple):
        raise Wrong("not_a_list")
    if len(answer) > MAX_ENTRIES:
        raise Wrong("too_many", max=MAX_ENTRIES)
    return answer


_READERS: dict[str, Callable[[Field, Any], Value]] = {
    "textfield": _text,
    "textarea": _text,
    "number": _number,
    "checkbox": _boolean,
    "radio": _one,
    "select": _one,
    "checklist": _several,
    "taglist": _several,
    "datetime": _moment,
    "filepicker": _files,
}
