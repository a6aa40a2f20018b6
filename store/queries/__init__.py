"""Reads: functions of a connection that return frozen rows, with a total order and a limit, seen through a Scope."""

from __future__ import annotations

from sqlalchemy import Connection

__all__ = ["Connection"]
