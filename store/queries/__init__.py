"""Reads: functions of a connection that return frozen rows, with a total order and a limit, seen through a Scope."""
