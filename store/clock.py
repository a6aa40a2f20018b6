"""The only clock: everything else is handed the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """Return the present moment in UTC."""
        return datetime.now(UTC)


class TestClock:
    """A clock that stands still until it is told to move: for tests, rehearsals and the demo firm."""

    __test__ = False

    def __init__(self, start: datetime) -> None:
        """Stand at ``start`` (aware)."""
        self._now = start.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment it stands at."""
        return self._now

    def set(self, moment: datetime) -> None:
        """Jump to ``moment``."""
        self._now = moment.astimezone(UTC)

    def advance(self, by: timedelta) -> None:
        """Go on by ``by``."""
        self._now += by
