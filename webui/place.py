"""What a page has at hand: the store, the settings, the person who asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask import current_app, g

from engine.people import Person, require
from store.unit_of_work import Store
from webui.settings import Settings


@dataclass(frozen=True, slots=True)
class Place:
    """The parts of the installation that pages use."""

    store: Store
    settings: Settings


def place() -> Place:
    """Return the installation that this request belongs to."""
    return cast("Place", current_app.extensions["zhangfang"])


def store() -> Store:
    """Return the store."""
    return place().store


def settings() -> Settings:
    """Return the settings."""
    return place().settings


def handlers() -> Any:
    """Return the installed handlers."""
    return store().surroundings.handlers


def person() -> Person:
    """Return the person who is signed in; pages without one are listed in ``access.OPEN``."""
    return cast("Person", g.person)


def need(action: str) -> None:
    """Raise NotAllowed unless the person may do the action."""
    require(person(), action)
