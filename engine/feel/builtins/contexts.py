"""Contexts: reading, changing and merging them (DMN 1.5, 10.3.4.10)."""

from __future__ import annotations

from engine.feel.builtins.registry import builtin
from engine.feel.comparing import equal
from engine.feel.functions import Budget
from engine.feel.values import Undefined, Value

_DEEPEST = 100
Entries = dict[str, Value]


@builtin("get value(m: context, key: string)")
def get_value(context: Entries, key: str) -> Value:
    """Return the entry of that name, null when there is none."""
    return context.get(key)


@builtin("get value(context: context, keys: list)")
def get_value_at(context: Entries, keys: list[Value]) -> Value:
    """Follow the names of a path."""
    found: Value = context if keys else None
    for key in keys:
        found = found.get(key) if isinstance(found, dict) and isinstance(key, str) else None
    return found


@builtin("get entries(m: context)")
def get_entries(context: Entries) -> list[Entries]:
    """Return the entries as a list of key and value."""
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context(entries: list)", run=True)
def context_of(run: Budget, entries: list[Value]) -> Entries:
    """Return the context of a list of key and value."""
    made: Entries = {}
    for entry in entries:
        run.tick()
        if (
            not isinstance(entry, dict)
            or not {"key", "value"} <= entry.keys()
            or not isinstance(entry["key"], str)
        ):
            message = "context() takes contexts with a key (a string) and a value"
            raise Undefined(message)
        if entry["key"] in made:
            raise Undefined(f"context() was given the key '{entry['key']}' twice")
        made[entry["key"]] = entry["value"]
    return made


@builtin("context put(context: context, key: string, value: any)")
def context_put(context: Entries, key: str, value: Value) -> Entries:
    """Return the context with an entry set."""
    return {**context, key: value}


@builtin("context put(context: context, keys: list, value: any)")
def context_put_at(context: Entries, keys: list[Value], value: Value) -> Entries:
    """Return the context with the entry at the end of a path set."""
    if not 0 < len(keys) <= _DEEPEST or any(not isinstance(key, str) for key in keys):
        raise Undefined(f"context put() needs a list of one to {_DEEPEST} names")
    key, *deeper = keys
    if not deeper:
        return {**context, key: value}
    inner = context.get(key)
    if inner is not None and not isinstance(inner, dict):
        raise Undefined(f"context put() cannot go into '{key}', which is not a context")
    return {**context, key: context_put_at(inner or {}, deeper, value)}


@builtin("context merge(contexts: list)")
def context_merge(contexts: list[Value]) -> Entries:
    """Return all entries of the contexts; the later one wins."""
    merged: Entries = {}
    for context in contexts:
        if not isinstance(context, dict):
            message = "context merge() takes contexts only"
            raise Undefined(message)
        merged |= context
    return merged


@builtin("is defined(value: any)")
def is_defined(value: Value) -> bool:
    """Tell whether there is a value (the function of Camunda's FEEL)."""
    return value is not None


@builtin("get or else(value: any, default: any)")
def get_or_else(value: Value, default: Value) -> Value:
    """Return the value, or the default for null (the function of Camunda's FEEL)."""
    return default if value is None else value


@builtin("is(value1?: any, value2?: any)")
def is_(first: Value = None, second: Value = None) -> bool:
    """Tell whether two values are the same in kind and in every part, zones included."""
    if type(first) is not type(second):
        return False
    if str(getattr(first, "tzinfo", None)) != str(getattr(second, "tzinfo", None)):
        return False
    return bool(equal(first, second))
