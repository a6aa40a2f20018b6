"""Work (f) on ours: one call opens a month for every client of the firm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, select

from benchmarks import diagrams
from benchmarks.catalogue import Sizes
from benchmarks.ours.system import Ours, measured
from benchmarks.timing import Measured, Watch, expect, total
from engine.commands import instances
from store.tables import Client, WorkItem
from store.unit_of_work import UnitOfWork


def opening(url: str, folder: Path, sizes: Sizes) -> dict[str, Any]:
    """Measure (f): a multi-instance call activity over the codes of real clients; each child opens a work item."""

    def run(system: Ours) -> dict[str, Measured]:
        count = sizes["children"]
        codes = system.store.run(_clients, count)
        system.counter.share(1)
        watch = Watch()
        system.store.run(instances.start, "month", {"clients": codes}, by=None, period="2026-09")
        lines = {"f.all": total(watch, **system.counter.share(count))}
        expect(system.running(), count + 1, "instances of (f) that run")
        expect(system.store.read(_open), count, "work items of (f) that are open")
        return lines

    drawn = {"month": diagrams.month(), "client_month": diagrams.client_month()}
    return measured(url, folder, drawn, run)


def _clients(uow: UnitOfWork, count: int) -> list[str]:
    rows: list[dict[str, Any]] = [
        {
            "id": uow.new_id(),
            "code": f"{number:05}",
            "name": f"客户{number}有限公司",
            "status": "active",
            "created_at": uow.now,
            "version": 1,
        }
        for number in range(count)
    ]
    uow.connection.execute(insert(Client), rows)
    return [row["code"] for row in rows]


def _open(connection: Connection) -> int:
    clients = func.count(WorkItem.client_id.distinct())
    return connection.scalar(select(clients).where(WorkItem.state == "open")) or 0
