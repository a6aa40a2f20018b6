"""Benches for service tasks: a general taxpayer and a small-scale one."""

from __future__ import annotations

import pytest

from engine.service_tasks import Handlers
from handlers import handlers as own
from store.unit_of_work import Store
from tests.conftest import Firm
from tests.handlers.tasks.bench import LANE, LANE_CODE, STAR, STAR_CODE, Bench, client_values, set_up


@pytest.fixture
def handlers() -> Handlers:
    """The firm's own handlers."""
    return own


@pytest.fixture
def star(store: Store, firm: Firm) -> Bench:
    """A general taxpayer, looked after by Bao, reviewed by Rui."""
    return set_up(store, firm.client, client_values(STAR, STAR_CODE, "general"))


@pytest.fixture
def lane(store: Store, firm: Firm) -> Bench:
    """A small-scale taxpayer, looked after by Bao, reviewed by Rui."""
    return set_up(store, firm.client, client_values(LANE, LANE_CODE, "small_scale"))
