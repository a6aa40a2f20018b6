"""The models of the suites with what is expected of each; every file is checked against its digest before a run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

Kind = Literal["trace", "nodes", "steps", "refuse", "parse", "support"]


@dataclass(frozen=True)
class Entry:
    """One model; ``cases`` are run each on a fresh engine."""

    id: str
    suite: str
    path: Path
    kind: Kind
    cases: tuple[Mapping[str, Any], ...]
    needs: tuple[str, ...]
    doubtful: bool
    notes: str = ""


@dataclass(frozen=True)
class Suites:
    """All entries of a folder."""

    folder: Path
    clock_start: datetime
    entries: tuple[Entry, ...]


def read_suites(folder: Path) -> Suites:
    """Read ``expectations.json`` of a folder; ValueError names files that are not what was measured."""
    found = json.loads((folder / "expectations.json").read_text(encoding="utf-8"))
    changed = [each["file"] for each in found["entries"] if _digest(folder / each["file"]) != each["sha256"]]
    if changed:
        message = f"These files differ from their sha256: {', '.join(changed)}."
        raise ValueError(message)
    entries = tuple(_entry(folder, each) for each in found["entries"])
    return Suites(folder, datetime.fromisoformat(found["clock_start"]), entries)


def _entry(folder: Path, given: Mapping[str, Any]) -> Entry:
    needs = given.get("needs") or []
    return Entry(
        id=given["id"],
        suite=given["file"].split("/")[1],
        path=folder / given["file"],
        kind=given["expectation"],
        cases=tuple(given["cases"]),
        needs=tuple([needs] if isinstance(needs, str) else needs),
        doubtful=bool(given.get("doubtful")),
        notes=str(given.get("notes") or ""),
    )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
