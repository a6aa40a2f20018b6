"""A handler that takes its process down every time is an incident after its attempts, and stops nobody else."""

from __future__ import annotations

import multiprocessing
import signal
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.crash import deadly_firm


def test_a_job_that_kills_its_process_becomes_an_incident(tmp_path: Path) -> None:
    deadly_firm.set_up(tmp_path)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.crash.deadly_firm"])
    ends = []
    for hours in range(6):
        process = context.Process(target=deadly_firm.work, args=(tmp_path, hours))
        process.start()
        process.join(60)
        ends.append(process.exitcode)
    # whoever finds that one has died of it lets it pause first; each time it is tried it kills
    assert ends == [-signal.SIGKILL, 0] * 3
    with closing(sqlite3.connect(tmp_path / "firm.db")) as connection:
        states = connection.execute("SELECT process, state, count(*) FROM instances GROUP BY 1, 2").fetchall()
        incidents = connection.execute("SELECT code, element FROM incidents").fetchall()
    assert sorted(states) == [("die", "running", 1), ("live", "completed", deadly_firm.HARMLESS)]
    assert incidents == [("ProcessDied", "work")]
    assert list((tmp_path / "doing").iterdir()) == []
