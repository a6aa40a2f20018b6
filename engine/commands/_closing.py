"""From a wait that is over to its row: a work item is closed, an incident resolved, a job or subscription deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.commands._writes import WaitKey, Writes
from store.tables import Incident, Job, Subscription, WorkItem

TABLE_OF = {
    "job": Job,
    "timer": Job,
    "subscription": Subscription,
    "message": Subscription,
    "signal": Subscription,
}
"""The table whose row goes when a wait of a kind is over."""


@dataclass(frozen=True, slots=True)
class Ending:
    """The end of a wait: which, when, and by whose doing (None: the system's)."""

    key: WaitKey
    at: datetime
    by: UUID | None

    def row(self, *, done: bool = True, **more: str) -> dict[str, Any]:
        """Return the parameters that close a row; what was not ``done`` has neither time nor doer."""
        instance, wait = self.key
        return {
            "b_instance": instance,
            "b_wait": wait,
            "b_at": self.at if done else None,
            "b_by": self.by if done else None,
            **more,
        }


def remove(writes: Writes, ending: Ending, kind: str | None, reason: str) -> None:
    """Note that the row of a wait of this kind goes; one that is not written yet never will be."""
    table = TABLE_OF.get(kind or "")
    if kind == "user":
        if not writes.drop(WorkItem, ending.key):
            writes.items_closed.append(ending.row(b_state=reason, done=reason == "completed"))
    elif kind == "incident":
        if not writes.drop(Incident, ending.key):
            how = "gone on" if reason == "completed" else "interrupted"
            writes.incidents_closed.append(ending.row(b_how=how))
    elif table is not None:
        writes.remove(table, ending.key)
        if kind == "job" and reason == "cancelled":
            writes.incidents_closed.append(ending.row(b_how="interrupted"))
