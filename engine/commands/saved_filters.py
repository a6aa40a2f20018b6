"""Filters of the desk that a person keeps."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete, insert, select

from engine.errors import InvalidInput, NotFound
from engine.people import Person
from store.tables import SavedFilter
from store.unit_of_work import UnitOfWork

LONGEST_NAME = 40


def save(uow: UnitOfWork, name: str, query: Mapping[str, str], *, by: Person) -> UUID:
    """Keep a filter under a name and return its id; one of the same name is replaced. InvalidInput without a name."""
    shown = name.strip()[:LONGEST_NAME]
    if not shown:
        raise InvalidInput("A filter needs a name.")
    same = delete(SavedFilter).where(SavedFilter.person_id == by.id, SavedFilter.name == shown)
    uow.connection.execute(same)
    new_id = uow.new_id()
    row = {"id": new_id, "person_id": by.id, "name": shown, "query": dict(query)}
    uow.connection.execute(insert(SavedFilter), [row])
    return new_id


def remove(uow: UnitOfWork, filter_id: UUID, *, by: Person) -> None:
    """Keep a filter no longer; NotFound when it is not the person's."""
    own = select(SavedFilter.id).where(SavedFilter.id == filter_id, SavedFilter.person_id == by.id)
    if uow.connection.scalar(own) is None:
        raise NotFound(f"There is no filter {filter_id} of yours.")
    uow.connection.execute(delete(SavedFilter).where(SavedFilter.id == filter_id))
