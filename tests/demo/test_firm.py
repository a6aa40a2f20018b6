from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.commands import people, surroundings
from engine.people import ROLES
from engine.service_tasks import installed
from handlers.bank.profiles import profiles
from handlers.clients.credit_code import is_valid
from handlers.demo import firm
from handlers.tasks.subjects import taxpayer_of
from store import schema
from store.clock import TestClock
from store.tables import BankAccount, Client, ClientStaff, Team
from store.unit_of_work import Store
from webui.sign_in import DEMO_PASSWORD

NOW = datetime(2026, 9, 1, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path}/demo.db", clock=TestClock(NOW), documents_folder=tmp_path / "papers")
    schema.upgrade(made.engine)
    surroundings.attach(made, handlers=installed())
    made.run(people.setup_firm)
    yield made
    made.dispose()


def test_every_role_is_held_by_somebody() -> None:
    held = {role for one in firm.described()["staff"] for role in one["roles"]}

    assert held == set(ROLES)


def test_everybody_signs_in_with_the_password_that_the_sign_in_page_shows(store: Store) -> None:
    store.run(firm.load)

    person = store.run(people.sign_in, "zhou.min", firm.PASSWORD)

    assert person.roles == {"manager"}
    assert firm.PASSWORD == DEMO_PASSWORD
    assert len(firm.accounts()) == len(firm.described()["staff"])


def test_the_clients_are_twelve_with_codes_teams_and_staff_that_exist(store: Store) -> None:
    assert store.run(firm.load) == 12

    with store.engine.connect() as connection:
        clients = connection.execute(select(Client.code, Client.credit_code, Client.team_id)).all()
        teams = set(connection.scalars(select(Team.id)))
        staffed = connection.scalar(select(func.count(ClientStaff.client_id.distinct())))
    assert len(clients) == 12
    assert all(is_valid(row.credit_code) and row.team_id in teams for row in clients)
    assert staffed == 11


def test_every_profile_can_be_read_as_a_taxpayer(store: Store) -> None:
    store.run(firm.load)

    taxpayers = store.run(lambda uow: [taxpayer_of(one) for one in uow.session.scalars(select(Client))])

    assert {one.vat for one in taxpayers} == {"general", "small_scale"}


def test_every_bank_export_has_an_owner_and_a_layout_that_exists(store: Store) -> None:
    store.run(firm.load)

    with store.engine.connect() as connection:
        layouts = set(connection.scalars(select(BankAccount.profile)))
    assert layouts == {each["profile"] for each in firm.described()["bank_exports"].values()}
    assert layouts <= set(profiles())
