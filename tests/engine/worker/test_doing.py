"""A job that takes its process down is not begun for ever: each death is an attempt, the last one an incident."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from engine.commands import surroundings
from engine.doing import Doing, left_behind
from engine.service_tasks import Call, Handlers, Result
from engine.worker import Worker
from store.clock import TestClock
from store.unit_of_work import Store, UnitOfWork
from tests.engine.commands.playing import Play

DIES = """
import os, signal, sys
from pathlib import Path
from uuid import UUID
from engine.doing import Doing
doing = Doing()
doing.keep_in(Path(sys.argv[1]))
with doing.at(UUID(sys.argv[2])):
    pass
for at in sys.argv[3:]:
    with doing.at(UUID(at)):
        os.kill(os.getpid(), signal.SIGKILL)
os._exit(7)
"""
DRAWING = "startEvent s\nserviceTask work topic=work\nendEvent e\ns -> work -> e"


def dies(folder: Path, *at: UUID) -> None:
    """Let a process do one job, and die in the middle of the next if there is one."""
    told = [str(each) for each in (uuid4(), *at)]
    process = subprocess.run([sys.executable, "-c", DIES, str(folder), *told], check=False)
    assert process.returncode == (-signal.SIGKILL if at else 7)


def test_a_process_that_is_killed_leaves_behind_what_it_was_at_and_only_once(tmp_path: Path) -> None:
    job = uuid4()
    dies(tmp_path, job)
    assert left_behind(tmp_path) == [job]
    assert left_behind(tmp_path) == []


def test_between_two_jobs_nothing_is_left_behind(tmp_path: Path) -> None:
    dies(tmp_path)
    assert left_behind(tmp_path) == []
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_lives_is_left_alone_and_one_that_ends_well_leaves_nothing(tmp_path: Path) -> None:
    doing = Doing()
    doing.keep_in(tmp_path)
    with doing.at(uuid4()):
        assert left_behind(tmp_path) == []
    doing.close()
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_can_be_kept_the_work_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "doing").write_text("a file stands where the folder should be")
    doing = Doing()
    doing.keep_in(tmp_path / "doing")
    with doing.at(uuid4()):
        pass
    assert "cannot be kept" in caplog.text


def test_each_death_is_an_attempt_and_the_last_one_an_incident(
    play: Play, store: Store, clock: TestClock, tmp_path: Path
) -> None:
    handlers, done = Handlers(), []

    @handlers.service_task("work", effect="database")
    def work(call: Call, uow: UnitOfWork) -> Result:
        del uow
        done.append(call.key)
        return {}

    surroundings.attach(store, handlers=handlers)
    play.deploy(DRAWING)
    deadly, harmless = play.start(), play.start()
    [job] = [row.id for row in play.jobs() if row.instance_id == deadly]
    for death in (1, 2, 3):
        dies(tmp_path, job)
        Worker(store, doing=tmp_path).run_due()
        [row] = play.jobs()
        assert (row.id, row.attempts) == (job, death)
        assert "The process ended in the middle of this job" in row.error
        assert play.state(harmless) == "completed", "others go on"
        clock.advance(timedelta(hours=1))
        store.surroundings.doing.close()
    assert len(done) == 1, (
        "the deadly one is not begun before its pause is over, and not after the last attempt"
    )
    [incident] = play.incidents()
    assert incident.code == "ProcessDied"


def test_a_job_that_was_committed_after_all_is_not_counted(play: Play, store: Store, tmp_path: Path) -> None:
    handlers = Handlers()
    handlers.service_task("work", effect="database")(lambda _call, _uow: {})
    surroundings.attach(store, handlers=handlers)
    play.deploy(DRAWING)
    instance = play.start()
    [job] = [row.id for row in play.jobs()]
    Worker(store).run_due()
    dies(tmp_path, job)
    assert Worker(store, doing=tmp_path).run_due() == 0
    assert (play.state(instance), play.incidents()) == ("completed", [])
    store.surroundings.doing.close()
