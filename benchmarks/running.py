"""One system doing one work: a process of its own, an empty database, a time limit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import environments
from benchmarks.catalogue import Sizes, System
from benchmarks.postgresql import Server
from benchmarks.timing import CannotDo

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Place:
    """Where systems run: a folder on the project's disk, the PostgreSQL server if there is one, the longest run."""

    folder: Path
    server: Server | None
    longest: int


def run(system: System, work: str, sizes: Sizes, place: Place) -> dict[str, Any]:
    """Return ``lines`` and ``settings`` of a system, or ``cannot`` with the reason."""
    folder = Path(tempfile.mkdtemp(prefix=f"{system.key}-{work}-", dir=place.folder))
    database = f"bench_{system.key.replace('-', '_')}_{work}"
    try:
        url = []
        if system.postgresql:
            if place.server is None:
                return {"cannot": "no PostgreSQL server could be started"}
            place.server.create(database)
            scheme = "postgresql+psycopg" if system.runner == "ours" else "postgresql"
            url = [place.server.url(database, scheme)]
        arguments = [work, json.dumps(sizes), str(folder), str(folder / "out.json"), *url]
        longest = place.longest * (10 if system.runner == "ours" else 1)
        return _measured([*_program(system), *arguments], folder / "out.json", longest)
    except CannotDo as reason:
        return {"cannot": str(reason)}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if system.postgresql and place.server is not None:
            place.server.drop(database)


def _program(system: System) -> list[str]:
    if system.runner == "ours":
        return [sys.executable, "-m", "benchmarks.one"]
    script = environments.PEERS / system.key / ("run.mjs" if system.runner == "node" else "run.py")
    programs = {
        "spiff": lambda: sys.executable,
        "python": lambda: str(environments.python(system.key)),
        "node": lambda: str(environments.node(system.key)),
    }
    return [programs[system.runner](), str(script)]


def _measured(command: list[str], out: Path, longest: int) -> dict[str, Any]:
    """Run the process to its end; one that takes too long or fails is a figure that says so."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}  # noqa: TID251 - what a program of ours needs beside its own
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=longest, check=False
        )
    except subprocess.TimeoutExpired:
        return {"cannot": f"took longer than {longest} s and was stopped"}
    if out.exists():
        found: dict[str, Any] = json.loads(out.read_text())
        return found
    why = (done.stderr or done.stdout).strip().splitlines()[-1:]
    return {"cannot": f"failed: {' '.join(why)[:200]}"}
