"""A play on the store of the test."""

from __future__ import annotations

import pytest

from store.unit_of_work import Store
from tests.conftest import Firm
from tests.engine.commands.playing import Play


@pytest.fixture
def play(store: Store, firm: Firm) -> Play:
    """A play on the store of the test, where the small firm works."""
    return Play(store, firm)
