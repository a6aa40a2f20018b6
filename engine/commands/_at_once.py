"""Jobs whose handlers need nothing but their call (effect «none») are done in the transaction that leads to them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import fields
from time import perf_counter
from typing import Any

from engine import feel
from engine.bpmn import runtime
from engine.commands import _definitions, _erring, _running, surroundings
from engine.commands._calling import Due, call_of, trace
from engine.commands._delivering import Advance
from engine.commands._running import Running
from engine.commands._writes import Writes
from engine.service_tasks import BusinessError
from store.tables import Job
from store.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

LONGEST = 0.05
"""Seconds that such jobs may keep whoever has led to them waiting; what is left then is the worker's."""


class AtOnce:
    """Does such jobs of ``writes`` until they have taken too long.

    A job that is not done here, or fails here, is written as any other is: the worker does it, counts its attempts and tells
    the operator. So nothing is ever undone for its sake.
    """

    def __init__(self, uow: UnitOfWork, writes: Writes) -> None:
        """Do nothing yet."""
        self._uow, self._writes = uow, writes
        self._spent = 0.0

    def next(self) -> Advance | None:
        """Do the next job that can be done at once and return how its instance goes on; None when there is none."""
        waiting = self._writes.at_once
        while waiting and self._spent < LONGEST:
            key = waiting.popleft()
            row = self._writes.rows.get(Job, {}).get(key)
            if row is not None:
                began = perf_counter()
                advance = self._do(_running.lock(self._uow, key[0]), _due(row))
                self._spent += perf_counter() - began
                if advance is not None:
                    return advance
        waiting.clear()
        return None

    def _do(self, running: Running, due: Due) -> Advance | None:
        handler = surroundings.of(self._uow).handlers[due.topic or ""]
        try:
            said = handler.answer(call_of(running, due, self._uow.now), None)
            feel.to_json(dict(said))
        except BusinessError as error:
            return running, _erring.throw(
                self._uow, running, due.wait, error.code, error.message, error.variables
            )
        except Exception:  # whatever it is, the worker meets it again and tells the operator
            log.debug("The job %s (%s) is left to the worker.", due.id, due.topic, exc_info=True)
            return None
        self._writes.facts.append(trace(running, due))
        moment = _definitions.moment(self._uow)
        return running, runtime.complete(running.case, due.wait, dict(said), moment)


def _due(row: Mapping[str, Any]) -> Due:
    """Return the job that a row which is not written yet stands for."""
    values: list[Any] = [row.get(each.name) for each in fields(Due)]
    return Due(*values)
