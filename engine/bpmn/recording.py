"""Collecting what an advance does into a Step."""

from __future__ import annotations

from typing import Any

from engine.bpmn.step import (
    Closed,
    Ended,
    EscalationThrown,
    Happened,
    MessageThrown,
    Opened,
    ScopeClosed,
    SignalThrown,
    Step,
    VariableSet,
)


class Recording:
    """The Step of the present advance, as it grows; what opens and closes within it leaves no trace in it."""

    def __init__(self) -> None:
        """Begin with nothing done."""
        self.opened: dict[int, Opened] = {}
        self.closed: list[Closed] = []
        self.variables: list[VariableSet | ScopeClosed] = []
        self.history: list[Happened] = []
        self.thrown: list[MessageThrown | SignalThrown | EscalationThrown] = []
        self.ended: Ended | None = None
        self._new_waits: set[int] = set()
        self._new_scopes: set[int] = set()
        self._gone_scopes: set[int] = set()

    def open(self, opened: Opened, *, new: bool) -> None:
        """Note a wait; not ``new``: it was open before and is opened again."""
        if new:
            self._new_waits.add(opened.wait)
        self.opened[opened.wait] = opened

    def close(self, wait: int, reason: Any) -> None:
        """Note that a wait is over."""
        self.opened.pop(wait, None)
        if wait in self._new_waits:
            self._new_waits.discard(wait)
        else:
            self.closed.append(Closed(wait, reason))

    def scope_opened(self, scope: int) -> None:
        """Note a new scope."""
        self._new_scopes.add(scope)

    def scope_closed(self, scope: int) -> None:
        """Note the end of a scope."""
        if scope in self._new_scopes:
            self._gone_scopes.add(scope)
        else:
            self.variables.append(ScopeClosed(scope))

    def step(self) -> Step:
        """Return all of it."""
        gone = self._gone_scopes
        variables = self.variables
        if gone:
            variables = [change for change in variables if change.scope not in gone]
        return Step(
            opened=tuple(self.opened.values()),
            closed=tuple(self.closed),
            variables=tuple(variables),
            history=tuple(self.history),
            thrown=tuple(self.thrown),
            ended=self.ended,
        )
