"""Jobs that are due together run in one transaction and are written together."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import nullcontext
from functools import partial
from time import perf_counter

from sqlalchemy.exc import DBAPIError

from engine.commands import jobs, surroundings
from engine.commands._calling import Due
from engine.commands._writes import Writes
from store.connecting import is_passing
from store.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

LONGEST_BATCH = 0.2
"""Seconds after which no further job joins a transaction: it holds SQLite's only writer."""


def run_batch(uow: UnitOfWork, limit: int) -> int:
    """Run due jobs inside this transaction: one that fails undoes only itself.

    They are written together. When one fails that has changed something already, all is undone and each runs in a savepoint
    of its own; what handlers do here is in the database only, so that it may be done again.
    """
    found = jobs.due_here(uow, limit)
    if len(found) == 1:
        return sum(_alone(uow, each) for each in _in_time(uow, found))
    try:
        with uow.savepoint():
            return _together(uow, found)
    except DBAPIError as error:
        if is_passing(error):
            raise
    except Exception:  # whatever it is, the same job fails again below, and is told to the operator
        log.debug("A batch is done again, one job at a time.", exc_info=True)
    jobs.forget(uow)
    return sum(_alone(uow, each) for each in _in_time(uow, found))


def _together(uow: UnitOfWork, found: list[Due]) -> int:
    done, writes = 0, Writes()
    for each in _in_time(uow, found):
        guard = uow.guard(partial(writes.flush, uow, states=False))
        try:
            answer = jobs.ask(uow, each, guard)
        except DBAPIError:
            raise  # no handler's doing: the transaction itself may be lost
        except Exception as error:  # whatever a handler raises is told to the operator
            if guard.used:
                raise
            jobs.failed(uow, each, error)
        else:
            if answer is not None:
                jobs.go_on(uow, answer, writes)
        done += 1
    writes.flush(uow)
    return done


def _alone(uow: UnitOfWork, due: Due) -> int:
    try:
        with uow.savepoint():
            writes = Writes()
            answer = jobs.ask(uow, due, nullcontext())
            if answer is not None:
                jobs.go_on(uow, answer, writes)
                writes.flush(uow)
    except DBAPIError as error:
        if is_passing(error):
            raise
        jobs.forget(uow)
        jobs.failed(uow, due, error)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises is told to the operator
        jobs.forget(uow)
        jobs.failed(uow, due, error)
    return 1


def _in_time(uow: UnitOfWork, found: list[Due]) -> Iterator[Due]:
    """Give one job after the other until they have taken too long; this process is at each until the next is asked for."""
    doing = surroundings.of(uow).doing
    began = perf_counter()
    for number, each in enumerate(found):
        if number and perf_counter() - began > LONGEST_BATCH:
            return
        with doing.at(each.id):
            yield each
