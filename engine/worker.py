"""The worker: takes what is due and runs it, wakes at the next due time, sleeps otherwise."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Lock
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from engine.batches import run_batch
from engine.commands import jobs, leases
from engine.commands.leases import Leased
from engine.commands.surroundings import Surroundings
from engine.doing import left_behind
from engine.service_tasks import BusinessError
from store.documents import DocumentStore
from store.errors import CommitUnknown, StoreBusy
from store.notices import Listener, has_notices
from store.unit_of_work import Store

P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger(__name__)

TOGETHER = 200
"""Jobs that share one transaction at most; they are written together, and a slow one ends it early."""
SLEEP = timedelta(minutes=15)
"""Longest sleep: four queries in an hour in which nothing is due."""
AGAIN_AFTER = timedelta(seconds=1)
"""Pause when something is due that cannot be run yet, or the database could not be had."""


class Mailer(Protocol):
    """Sends mail; ``key`` is the same on every attempt, so that a repeat can be recognised."""

    def send(self, message: Any, key: str) -> None:
        """Send one message."""


class NoMailer:
    """Stands where no mail server is set up."""

    def send(self, message: Any, key: str) -> None:
        """Refuse: the job becomes an incident that says what to set."""
        del message
        raise LookupError(f"The mail of {key} cannot be sent: no mail server is set up in the settings.")


@dataclass(frozen=True, slots=True)
class Outside:
    """What a handler with effect «outside» may use; it runs with no transaction open."""

    store: Store
    mail: Mailer

    @property
    def documents(self) -> DocumentStore:
        """The documents on disk."""
        return self.store.documents

    @property
    def zone(self) -> ZoneInfo:
        """The firm's time zone."""
        return self.store.zone

    def read(self, query: Callable[Concatenate[Connection, P], R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a query on a consistent view of the database."""
        return self.store.read(query, *args, **kwargs)


class Worker:
    """Runs due jobs of a store. ``start`` runs them in the background; ``run_due`` at once, for tests, CLI and demo.

    Commits of this process wake it at once. Those of other processes are seen on SQLite by a glance at the time of its
    log file every ``watch`` seconds, which costs no query; on PostgreSQL by its notices; else after ``poll`` at the latest.
    """

    def __init__(
        self,
        store: Store,
        *,
        mail: Mailer | None = None,
        name: str = "embedded",
        threads: int = 2,
        doing: Path | None = None,
        poll: timedelta = SLEEP,
        watch: float = 0.5,
    ) -> None:
        """Work for ``store``, whose surroundings are attached, under a ``name`` of its own among all workers.

        ``doing``: the folder, shared by the workers of this machine, in which is kept which job each is at.
        """
        self.store = store
        self.name = name
        self._outside = Outside(store, mail or NoMailer())
        self._threads = threads
        self._doing = doing
        self._poll, self._watch_every = poll, watch
        self._log_file, self._log_stamp = _log_file(store), 0
        self._listener: Listener | None = None
        self._wake_at: datetime | None = None
        self._lock, self._turn, self._called = Lock(), Lock(), Event()
        self._scheduler: BackgroundScheduler | None = None
        self._pool: ThreadPoolExecutor | None = None
        self._running: set[Future[None]] = set()
        store.on_commit(self._committed)

    def start(self) -> None:
        """Begin to run due jobs in the background; what a predecessor of this name had leased runs at once."""
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="zhangfang-job")
        self._take_over()
        self.store.run(leases.release, self.name)
        if self._log_file is not None:
            self._scheduler.add_job(self._glance, "interval", seconds=self._watch_every, id="glance")
        self._scheduler.start()
        if has_notices(self.store.engine):
            self._listener = Listener(
                self.store.engine, self.store.id, lambda: self._plan(self.store.clock.now())
            )
            self._listener.start()
        self._plan(self.store.clock.now())

    def stop(self) -> None:
        """Take no more jobs and wait until those that run have ended."""
        with self._lock:
            scheduler, self._scheduler = self._scheduler, None
        if self._listener is not None:
            self._listener.stop()
        if scheduler is not None:
            scheduler.remove_all_jobs()  # waits for its thread, which fails when it is stopped while it hands out a job
            scheduler.shutdown(wait=True)
        if self._pool is not None:
            self._pool.shutdown(wait=True)
        self.store.surroundings.doing.close()

    def run_due(self, limit: int = 1_000) -> int:
        """Run what is due now, and what becomes due by it, up to ``limit`` jobs; return how many were run."""
        self._take_over()
        done = 0
        while done < limit:
            count = self._run_here(limit - done)
            leased = self.store.run(leases.take, self.name, min(TOGETHER, max(1, limit - done - count)))
            for each in leased:
                self._run_outside(each)
            if not count and not leased:
                break
            done += count + len(leased)
        return done

    def _take_over(self) -> None:
        """Say from now on which job this process is at, and count attempts at those that processes died of."""
        folder, self._doing = self._doing, None
        if folder is None:
            return
        for job_id in left_behind(folder):
            self.store.run(jobs.process_died, job_id)
        self.store.surroundings.doing.keep_in(folder)

    def _run_here(self, limit: int) -> int:
        return self.store.run_apart(run_batch, min(TOGETHER, limit))

    def _round(self) -> None:
        """Run what is due, then plan the next round. Of two rounds at once one does the work of both."""
        self._called.set()
        if not self._turn.acquire(blocking=False):
            return
        due_at: datetime | None = None
        try:
            while self._called.is_set():
                self._called.clear()
                with self._lock:
                    self._wake_at = None
                due_at = self._until_idle()
        finally:
            self._turn.release()
        self._plan(self.store.clock.now() if self._called.is_set() else due_at)

    def _until_idle(self) -> datetime | None:
        """Run until nothing is due, and return when something is next. This is the worker's edge: no error may end it."""
        try:
            while self._scheduler is not None:
                due_at, now = self.store.read(jobs.next_due), self.store.clock.now()
                if due_at is None or due_at > now:
                    return due_at
                if not self._run_here(TOGETHER) + self._hand_out():
                    break  # what is due is with somebody else, or has to wait for a free thread
        except (DBAPIError, StoreBusy, CommitUnknown):
            log.exception("The database could not be had; the worker tries again.")
        except Exception:  # a worker that dies of one round does no other
            log.exception("A round of the worker failed; it tries again.")
        return self.store.clock.now() + AGAIN_AFTER

    def _hand_out(self) -> int:
        """Give leased jobs to free threads; none is leased that would have to wait for one."""
        self._running = {future for future in self._running if not future.done()}
        free = self._threads - len(self._running)
        if free <= 0 or self._pool is None:
            return 0
        leased = self.store.run(leases.take, self.name, free)
        for each in leased:
            future = self._pool.submit(self._run_outside, each)
            self._running.add(future)
            future.add_done_callback(lambda _: self._plan(self.store.clock.now()))
        return len(leased)

    def _run_outside(self, leased: Leased) -> None:
        surroundings: Surroundings = self.store.surroundings
        try:
            variables = surroundings.handlers[leased.call.topic].answer(leased.call, self._outside)
        except BusinessError as error:
            self.store.run(leases.throw, leased, error)
        except Exception as error:  # noqa: BLE001 - whatever a handler raises is told to the operator
            self.store.run(leases.fail, leased, error)
        else:
            self._finish(leased, variables)

    def _finish(self, leased: Leased, variables: Any) -> None:
        try:
            self.store.run(leases.finish, leased, variables)
        except (DBAPIError, StoreBusy, CommitUnknown):
            raise
        except Exception as error:  # noqa: BLE001 - its result could not be taken: the job is what failed
            self.store.run(leases.fail, leased, error)

    def _glance(self) -> None:
        """Look whether anybody, maybe another process, has committed since the last glance."""
        try:
            stamp = self._log_file.stat().st_mtime_ns if self._log_file is not None else 0
        except FileNotFoundError:
            return
        if stamp != self._log_stamp:
            self._log_stamp = stamp
            self._plan(self.store.clock.now())

    def _committed(self, due_at: datetime) -> None:
        if self._scheduler is not None:
            self._plan(due_at)

    def _plan(self, due_at: datetime | None) -> None:
        """Wake at ``due_at``, unless it is planned earlier already."""
        latest = self.store.clock.now() + self._poll
        wanted = latest if due_at is None else min(due_at, latest)
        with self._lock:
            if self._scheduler is None or (self._wake_at is not None and self._wake_at <= wanted):
                return
            self._wake_at = wanted
            self._scheduler.add_job(
                self._round,
                "date",
                run_date=wanted,
                id="round",
                replace_existing=True,
                misfire_grace_time=None,
                max_instances=3,
            )


def _log_file(store: Store) -> Path | None:
    """Return the write-ahead log of an SQLite file; it is written by every commit."""
    url = store.engine.url
    is_file = url.get_backend_name() == "sqlite" and url.database not in {None, "", ":memory:"}
    return Path(f"{url.database}-wal") if is_file else None
