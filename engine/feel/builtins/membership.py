"""What a list holds: membership, sets, truth of all or any (DMN 1.5, 10.3.4.2 and 10.3.4.4)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from engine.feel.builtins.registry import builtin
from engine.feel.comparing import equal
from engine.feel.functions import Budget
from engine.feel.values import Undefined, Value

List = list[Value]
_HASHED = frozenset({str, Decimal, bool})


@builtin("not(negand: boolean|null)")
def not_(value: bool | None) -> bool | None:  # noqa: FBT001
    """Return the opposite of true or false, null of null."""
    return None if value is None else not value


@builtin("list contains(list: list, element: any)", run=True)
def list_contains(run: Budget, items: List, element: Value) -> bool:
    """Tell whether an item of the list is ``element``."""
    run.tick(len(items))
    return any(equal(item, element, run.tick) for item in items)


@builtin("index of(list: list, match: any)", run=True)
def index_of(run: Budget, items: List, match: Value) -> List:
    """Return the places (from 1) of all items that are ``match``."""
    run.tick(len(items))
    return [Decimal(place) for place, item in enumerate(items, 1) if equal(item, match, run.tick)]


@builtin("distinct values(list: list)", run=True)
def distinct_values(run: Budget, items: List) -> List:
    """Return the list without repeats."""
    return _distinct(items, run)


@builtin("duplicate values(list: list)", run=True)
def duplicate_values(run: Budget, items: List) -> List:
    """Return each value that the list holds more than once."""
    counted: list[tuple[Value, int]] = []
    for value in _distinct(items, run):
        run.tick(len(items))
        counted.append((value, sum(1 for item in items if equal(item, value, run.tick))))
    return [value for value, count in counted if count > 1]


@builtin("union(list: list ...)", run=True)
def union(run: Budget, *lists: List) -> List:
    """Return all items of the lists without repeats."""
    run.size(sum(map(len, lists)))
    return _distinct((item for items in lists for item in items), run)


@builtin("all(list: list)", "all(b: any ...)")
def all_(*values: Value) -> bool | None:
    """Return ``and`` over the list."""
    return _judge(values, sure=False)


@builtin("any(list: list)", "any(b: any ...)")
def any_(*values: Value) -> bool | None:
    """Return ``or`` over the list."""
    return _judge(values, sure=True)


def _judge(values: tuple[Value, ...], *, sure: bool) -> bool | None:
    items = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    if any(item is sure for item in items):
        return sure
    if all(item is not sure and isinstance(item, bool) for item in items):
        return not sure
    message = "all() and any() need true or false in the list"
    raise Undefined(message)


def _distinct(items: Iterable[Value], run: Budget) -> List:
    found: List = []
    seen: set[tuple[type, Value]] = set()
    for item in items:
        if type(item) in _HASHED:
            run.tick()
            if (type(item), item) in seen:
                continue
            seen.add((type(item), item))
        else:
            run.tick(len(found) + 1)
            if any(equal(item, other, run.tick) for other in found):
                continue
        found.append(item)
    return found
