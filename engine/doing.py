"""Which job this process is at, kept where its death leaves it.

A handler may take its process down: memory runs out, a C library crashes. The transaction is lost with it, and so would be
every trace that the job was tried: the next process would begin it again, and the next. A page of a file that all
processes of an installation share a folder for survives the process, costs no system call for a job, and says whose doing it was.
"""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from mmap import mmap
from pathlib import Path
from uuid import UUID, uuid4

log = logging.getLogger(__name__)

SIZE = 16
NOTHING = bytes(SIZE)


class ProcessDied(Exception):
    """The process that did a job ended in the middle of it."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            "The process ended in the middle of this job: it was killed, or the handler crashed or used up the memory."
        )


class Doing:
    """What this process is at; known to others once it is kept in a folder."""

    def __init__(self) -> None:
        """Keep it nowhere."""
        self._page: mmap | None = None
        self._file: int | None = None
        self._path: Path | None = None

    def keep_in(self, folder: Path) -> None:
        """Keep it in a file of this process, if it is not kept yet; where that cannot be, say so and go on without."""
        if self._page is not None:
            return
        path = folder / f"{os.getpid()}-{uuid4().hex}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(
                self._file, fcntl.LOCK_EX | fcntl.LOCK_NB
            )  # let go of by the system when the process ends
            os.pwrite(self._file, NOTHING, 0)
            path.stat()  # nobody took it for one of the dead before it was locked
            self._page, self._path = mmap(self._file, SIZE), path
        except OSError:
            log.warning("It cannot be kept in %s which job is being done.", folder, exc_info=True)
            self.close()

    @contextmanager
    def at(self, job: UUID) -> Iterator[None]:
        """Say that this process does a job as long as the block lasts."""
        if self._page is None:
            yield
            return
        self._page[:] = job.bytes
        try:
            yield
        finally:
            self._page[:] = NOTHING

    def close(self) -> None:
        """End well: nothing is left behind."""
        if self._page is not None:
            self._page.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        if self._file is not None:
            os.close(self._file)
        self._page = self._path = self._file = None


def left_behind(folder: Path) -> list[UUID]:
    """Return the jobs that processes were at when they died, and forget them."""
    return [job for path in sorted(folder.glob("*")) for job in _of_the_dead(path)]


def _of_the_dead(path: Path) -> Iterator[UUID]:
    with suppress(OSError):  # it lives, or another process was faster to look
        file = os.open(path, os.O_RDWR)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            said = os.pread(file, SIZE, 0)
            path.unlink()
        finally:
            os.close(file)
        if len(said) == SIZE and said != NOTHING:
            yield UUID(bytes=said)
