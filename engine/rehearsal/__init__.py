"""Scenarios: what a process owner expects of a process, played on a temporary store with a clock of its own."""

from __future__ import annotations

from engine.rehearsal.playing import Report, rehearse
from engine.rehearsal.scenario import Scenario, read

__all__ = ["Report", "Scenario", "read", "rehearse"]
