"""What tests need not do again and again: wait for the disk, compile the same SQL, look through what never goes away."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.util import LRUCache

from store import connecting

STATEMENTS = 2_000
RARELY = (20_000, 20, 20)
LASTING = connecting.PRAGMAS
"""How SQLite is opened by the product: a commit is on the disk before anybody hears of it."""
QUICK = (*LASTING, "PRAGMA synchronous = OFF")
"""The same but for the wait: a test that fails by a loss of power does not come back to look."""


@contextmanager
def saved() -> Iterator[None]:
    """Open SQLite without waiting for the disk, and let all engines of it share what SQLAlchemy compiled for one."""
    first = create_engine("sqlite://")
    first.connect().close()  # so that its dialect knows the version
    compiled = LRUCache[Any, Any](STATEMENTS)

    def create(*arguments: Any, **options: Any) -> Engine:
        made = create_engine(*arguments, **options)
        if made.name == first.name:
            made.dialect = first.dialect  # part of the key of what is compiled
            made.update_execution_options(compiled_cache=compiled)
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connecting, "PRAGMAS", QUICK)
        patch.setattr(connecting, "create_engine", create)
        yield
    first.dispose()


def keep_what_is_loaded() -> None:
    """Take modules and collected tests out of what the garbage collector looks through, as the server does."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RARELY)
