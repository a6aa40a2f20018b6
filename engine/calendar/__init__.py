"""Working days, filing deadlines and business cycles; pure, with no clock of its own."""

from __future__ import annotations

from engine.calendar.cycles import Cycle, next_in_cycle, parse_cycle
from engine.calendar.durations import Duration, add, parse_duration
from engine.calendar.feel_functions import functions
from engine.calendar.working_days import Calendar, Deadline, china

__all__ = [
    "Calendar",
    "Cycle",
    "Deadline",
    "Duration",
    "add",
    "china",
    "functions",
    "next_in_cycle",
    "parse_cycle",
    "parse_duration",
]
