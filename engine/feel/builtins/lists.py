"""Lists: building and cutting (DMN 1.5, 10.3.4.4)."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key

from engine.feel.builtins.registry import builtin
from engine.feel.comparing import ordered
from engine.feel.functions import Budget, Function, invoke
from engine.feel.values import Undefined, Value

List = list[Value]


@builtin("sublist(list: list, start position: number, length?: number)")
def sublist(items: List, start: Decimal, length: Decimal | None = None) -> List:
    """Return a part by place (from 1; negative from the end)."""
    first = int(start)
    begin = first - 1 if first > 0 else len(items) + first
    end = len(items) if length is None else begin + int(length)
    if not first or not 0 <= begin < len(items) or end > len(items) or end < begin:
        raise Undefined(f"sublist() of {len(items)} items has no part from {start}, length {length}")
    return items[begin:end]


@builtin("append(list: list, item: any ...)")
def append(items: List, *more: Value) -> List:
    """Return the list with items behind it."""
    return [*items, *more]


@builtin("concatenate(list: list ...)", run=True)
def concatenate(run: Budget, *lists: List) -> List:
    """Return the lists one behind the other."""
    run.size(sum(map(len, lists)))
    return [item for items in lists for item in items]


@builtin("insert before(list: list, position: number, newItem: any)")
def insert_before(items: List, position: Decimal, new: Value) -> List:
    """Return the list with an item before that place."""
    index = _place(items, position)
    return [*items[:index], new, *items[index:]]


@builtin("remove(list: list, position: number)")
def remove(items: List, position: Decimal) -> List:
    """Return the list without the item at that place."""
    index = _place(items, position)
    return [*items[:index], *items[index + 1 :]]


@builtin("list replace(list: list, position: number, newItem: any)")
def list_replace_at(items: List, position: Decimal, new: Value) -> List:
    """Return the list with another item at that place."""
    index = _place(items, position)
    return [*items[:index], new, *items[index + 1 :]]


@builtin("list replace(list: list, match: function, newItem: any)", run=True)
def list_replace_matching(run: Budget, items: List, match: Function, new: Value) -> List:
    """Return the list with another item wherever ``match(item, newItem)`` holds."""
    replaced = []
    for item in items:
        run.tick()
        hit = invoke(match, [item, new], (), run)
        if not isinstance(hit, bool):
            message = "The match of list replace() must answer true or false"
            raise Undefined(message)
        replaced.append(new if hit else item)
    return replaced


@builtin("reverse(list: list)")
def reverse(items: List) -> List:
    """Return the list from its end."""
    return items[::-1]


@builtin("flatten(list: list)", run=True)
def flatten(run: Budget, items: List) -> List:
    """Return the items of all lists inside the list."""
    flat: List = []
    waiting = items[::-1]
    while waiting:
        run.tick()
        item = waiting.pop()
        if isinstance(item, list):
            waiting.extend(item[::-1])
        else:
            flat.append(item)
        run.size(max(len(flat), len(waiting)))
    return flat


@builtin("sort(list: list, precedes?: function)", run=True)
def sort(run: Budget, items: List, precedes: Function | None = None) -> List:
    """Return the list in order; ``precedes(a, b)`` tells whether a comes first."""

    def order(left: Value, right: Value) -> int:
        run.tick()
        if _precedes(left, right, precedes, run):
            return -1
        return 1 if _precedes(right, left, precedes, run) else 0

    return sorted(items, key=cmp_to_key(order))


@builtin("is empty(list: list)")
def is_empty(items: List) -> bool:
    """Tell whether the list has no items."""
    return not items


@builtin("partition(list: list, size: number)")
def partition(items: List, size: Decimal) -> list[List]:
    """Cut the list into lists of a size."""
    step = int(size)
    if step < 1:
        message = "partition() needs a size of at least 1"
        raise Undefined(message)
    return [items[start : start + step] for start in range(0, len(items), step)]


def _precedes(left: Value, right: Value, precedes: Function | None, run: Budget) -> bool:
    if precedes is None:
        return ordered("<", left, right)
    return invoke(precedes, [left, right], (), run) is True


def _place(items: List, position: Decimal) -> int:
    place = int(position)
    if not place or abs(place) > len(items):
        raise Undefined(f"The list of {len(items)} has no item {position}")
    return place - 1 if place > 0 else len(items) + place
