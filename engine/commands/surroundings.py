"""What commands need beside the rows: handlers, FEEL functions, and caches of what never changes or is checked by version."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import Any, Generic, TypeVar
from uuid import UUID

from engine import calendar as calendars
from engine.calendar import Calendar
from engine.doing import Doing
from engine.service_tasks import Handlers
from store.unit_of_work import Store, UnitOfWork

K = TypeVar("K")
V = TypeVar("V")

LIVE_CASES = 2_000
KEPT_FILES = 2_000
LEASE = timedelta(seconds=60)


class Kept(Generic[K, V]):
    """The last ``size`` things used, by key; safe among threads."""

    def __init__(self, size: int) -> None:
        """Keep at most ``size``."""
        self._size = size
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """Return what is kept under ``key``, made now when it is not there."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        self.put(key, made)
        return made

    def peek(self, key: K) -> V | None:
        """Return what is kept under ``key`` and leave it there, as if nobody had asked."""
        with self._lock:
            return self._kept.get(key)

    def take(self, key: K) -> V | None:
        """Return what is kept under ``key`` and keep it no longer: it belongs to the caller alone."""
        with self._lock:
            return self._kept.pop(key, None)

    def put(self, key: K, value: V) -> None:
        """Keep ``value``; what was not used for longest goes."""
        self.put_all({key: value})

    def put_all(self, values: Mapping[K, V]) -> None:
        """Keep all ``values``; what was not used for longest goes."""
        with self._lock:
            for key, value in values.items():
                self._kept[key] = value
                self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the engine attaches to a store. ``functions`` are FEEL functions, ``lease`` how long an outside job may take.

    ``calendar`` knows working days and filing deadlines, for handlers.

    ``doing`` says which job of a transaction this process is at. The caches hold parsed files by digest, definitions by
    id, the heads of history chains, and live cases by instance.
    """

    handlers: Handlers
    functions: Mapping[str, Callable[..., Any]]
    calendar: Calendar
    lease: timedelta = LEASE
    doing: Doing = field(default_factory=Doing)
    files: Kept[tuple[str, str], Any] = field(default_factory=lambda: Kept(KEPT_FILES))
    definitions: Kept[UUID, Any] = field(default_factory=lambda: Kept(KEPT_FILES))
    cases: Kept[UUID, Any] = field(default_factory=lambda: Kept(LIVE_CASES))
    chains: Kept[str, tuple[int, str]] = field(default_factory=lambda: Kept(KEPT_FILES * 10))


def attach(
    store: Store, *, handlers: Handlers, calendar: Calendar | None = None, lease: timedelta = LEASE
) -> Surroundings:
    """Give a store the handlers and the calendar (China's when none is given) that its commands use."""
    used = calendar or calendars.china()
    found = Surroundings(handlers=handlers, functions=calendars.functions(used), calendar=used, lease=lease)
    store.surroundings = found
    return found


def of(uow: UnitOfWork) -> Surroundings:
    """Return what was attached to the store of this unit of work."""
    found = uow.surroundings
    if not isinstance(found, Surroundings):
        raise TypeError(
            "This store has no surroundings; call engine.commands.surroundings.attach(store, …) first."
        )
    return found
