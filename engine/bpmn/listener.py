"""Execution listeners, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Listener:
    """An execution listener: a job at the ``start`` or ``end`` of an element or process."""

    when: str
    topic: str
    retries: int = 3
