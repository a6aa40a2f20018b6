"""What the files of a deployment may refer to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """Handler topics, form ids, decision ids, process ids, role keys, names of FEEL functions. None: not checked.

    Processes of the checked files themselves are known anyway.
    """

    topics: frozenset[str] | None = None
    forms: frozenset[str] | None = None
    decisions: frozenset[str] | None = None
    processes: frozenset[str] | None = None
    roles: frozenset[str] | None = None
    functions: frozenset[str] | None = None
