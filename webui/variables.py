"""Process variables for pages and forms: decoded, plain enough for a browser, and as a person would write them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine import feel, forms
from engine.bpmn import stored_scopes
from store.queries import Connection, instance_states, instances
from store.queries.scope import Scope
from webui.domain_words import rows_in_words
from webui.formats import zone

EXACT_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Variables:
    """All variables of an instance by scope, and which scope lies in which."""

    rows: tuple[tuple[int, str, Any], ...]
    body: bytes

    def seen_from(self, scope: int) -> dict[str, Any]:
        """Return the variables that a wait in the scope sees, the nearest of each name."""
        found: dict[str, Any] = {}
        for number in reversed(stored_scopes.outwards(self.body, scope)):
            found.update((name, value) for at, name, value in self.rows if at == number)
        return found

    def owners(self) -> dict[int, tuple[str, int | None]]:
        """Return the element of each inner scope, and which item of a repeated activity it is."""
        return stored_scopes.owners(self.body)

    def by_scope(self) -> dict[int, list[tuple[str, Any]]]:
        """Return the variables of each scope, the process first."""
        found: dict[int, list[tuple[str, Any]]] = {}
        for scope, name, value in self.rows:
            found.setdefault(scope, []).append((name, value))
        return dict(sorted(found.items()))


def read(connection: Connection, scope: Scope, instance_id: UUID) -> Variables:
    """Return the variables of an instance that the person may see."""
    rows = instances.variables(connection, scope, instance_id)
    decoded = tuple((row.scope, row.name, feel.from_json(json.loads(row.value))) for row in rows)
    return Variables(decoded, instance_states.body(connection, scope, instance_id) or b"")


def plain(value: Any) -> Any:
    """Return a FEEL value as the browser's FEEL and form-js know it: numbers, texts, lists, objects."""
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, datetime):
        return value.astimezone(zone()).isoformat(timespec="minutes") if value.tzinfo else value.isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _number(value: Decimal) -> int | float | str:
    if len(value.as_tuple().digits) > EXACT_DIGITS:
        return format(value, "f")
    return int(value) if value == value.to_integral_value() else float(value)


def for_form(form: forms.Form, variables: dict[str, Any]) -> dict[str, Any]:
    """Return the data a form starts with; amounts of fields that keep texts stay texts, to the fen, tables are in words."""
    data: dict[str, Any] = rows_in_words(plain(variables))
    _keep_texts(form.fields, data, variables)
    return data


def plain_json(stored: dict[str, Any]) -> dict[str, Any]:
    """Return stored answers or a draft (JSON, perhaps FEEL-tagged) as the browser knows them."""
    found: dict[str, Any] = plain(feel.from_json(stored))
    return found


def _keep_texts(fields: Iterable[Any], data: dict[str, Any], source: dict[str, Any]) -> None:
    for field in fields:
        if field.type == "group":
            _keep_texts(field.children, data, source)
        elif field.type == "dynamiclist":
            for row, origin in zip(_at(data, field.path) or (), _at(source, field.path) or (), strict=False):
                _keep_texts(field.children, row, origin)
        elif field.type == "number" and field.details.as_string:
            value = _at(source, field.path)
            holder = _at(data, field.path[:-1])
            if isinstance(value, Decimal) and isinstance(holder, dict):
                holder[field.path[-1]] = format(value, "f")


def _at(values: Any, path: Iterable[str]) -> Any:
    for name in path:
        values = values.get(name) if isinstance(values, dict) else None
    return values


def shown(value: Any) -> str:
    """Return a value as FEEL-like text: what an operator reads and writes."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return json.dumps(plain(value), ensure_ascii=False, indent=1 if isinstance(value, dict | list) else None)
