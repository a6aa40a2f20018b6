"""Work (h) on ours: a fresh process deploys a library of processes into an empty database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.catalogue import Sizes
from benchmarks.ours.library import library
from benchmarks.ours.system import Ours, measured
from benchmarks.timing import Measured, Watch, expect, total
from engine.commands import deployments, surroundings
from engine.service_tasks import installed


def cold(url: str, folder: Path, sizes: Sizes) -> dict[str, Any]:
    """Measure (h): the firm's own library, and copies of it under other names until there are enough processes."""

    def run(system: Ours) -> dict[str, Measured]:
        surroundings.attach(system.store, handlers=installed())
        files = library(sizes["processes"])
        system.counter.share(1)
        watch = Watch()
        done = system.store.run(deployments.deploy, files, by=None)
        lines = {"h.all": total(watch, files=len(files), bytes=sum(map(len, files.values())))}
        lines["h.all"] |= system.counter.share(1)
        deployed = sum(one.kind == "process" for one in done.new)
        expect(deployed, sizes["processes"], "processes of (h) that were deployed")
        return lines

    return measured(url, folder, {}, run)
