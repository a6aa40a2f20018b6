"""Conditions that start processes: asked with variables from outside, as nobody waits at a start event."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from engine.bpmn.conditional_starts import starts_that_hold
from engine.commands import _definitions, _special, _starting
from engine.commands._definitions import Deployed
from engine.commands._record import Recorder
from engine.commands._starting import Beginning
from engine.errors import AlreadyRunning
from engine.people import Person
from store.unit_of_work import UnitOfWork


def evaluate(
    uow: UnitOfWork, variables: Mapping[str, Any], *, process: str | None = None, by: Person | None = None
) -> tuple[UUID, ...]:
    """Start an instance at every conditional start event whose condition holds for ``variables``; return their ids.

    All active processes are asked in their newest version, or ``process`` alone. ``variables`` are FEEL values and
    become those of the instances. A process whose business key is taken is passed over. NotFound for one not deployed.
    """
    if process is not None:
        _definitions.newest(uow, "process", process)
    recorder = Recorder(uow, by)
    started = []
    for deployed, element in _holding(uow, variables, process):
        client = _special.client_named(uow, variables.get(_special.CLIENT))
        period = variables.get(_special.PERIOD)
        beginning = Beginning(
            process=deployed.key,
            variables=variables,
            client_id=client,
            period=str(period) if period else None,
            initiator=None if by is None else by.login,
            person_id=None if by is None else by.id,
            element=element,
        )
        try:
            running, step = _starting.begin(uow, recorder.writes, beginning)
        except AlreadyRunning:
            continue
        recorder.add([(running, step)])
        started.append(running.id)
    recorder.finish()
    return tuple(started)


def _holding(
    uow: UnitOfWork, variables: Mapping[str, Any], process: str | None
) -> Iterator[tuple[Deployed, str]]:
    moment = _definitions.moment(uow)
    for deployed in _definitions.newest_of_kind(uow, "process"):
        if deployed.state == "active" and process in {None, deployed.key}:
            for element in starts_that_hold(_definitions.spec_of(uow, deployed), dict(variables), moment):
                yield deployed, element
