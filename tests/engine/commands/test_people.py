from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select

from engine.commands import people, work_items
from engine.errors import Conflict, InvalidInput, NotAllowed, NotFound
from engine.people import ROLES
from store.clock import TestClock
from store.queries import people as people_queries
from store.tables import Person as PersonRow
from store.unit_of_work import Store
from tests.conftest import Firm
from tests.engine.commands.playing import Play

PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def with_password(store: Store, firm: Firm) -> None:
    store.run(people.set_password, "bao", PASSWORD, by=firm.ma)


def test_the_right_password_signs_in_with_all_that_the_roles_grant(store: Store, firm: Firm) -> None:
    person = store.run(people.sign_in, "bao", PASSWORD, None)
    assert (person.id, set(person.roles)) == (firm.bao.id, {"bookkeeper"})
    assert person.actions == set(ROLES["bookkeeper"][2])


def test_only_an_argon2id_hash_of_the_password_is_kept(store: Store, firm: Firm) -> None:
    query = select(PersonRow.password_hash).where(PersonRow.login == "bao")
    kept = store.read(lambda connection: connection.scalar(query))
    assert kept is not None
    assert kept.startswith("$argon2id$")


def test_five_failures_lock_the_login_for_a_while_even_for_the_right_password(
    store: Store, clock: TestClock
) -> None:
    for _ in range(5):
        with pytest.raises(NotAllowed):
            store.run(people.sign_in, "bao", "wrong", None)
    with pytest.raises(NotAllowed, match="locked until"):
        store.run(people.sign_in, "bao", PASSWORD, None)
    clock.advance(timedelta(minutes=16))
    assert store.run(people.sign_in, "bao", PASSWORD, None).login == "bao"


def test_a_success_forgets_earlier_failures(store: Store) -> None:
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(NotAllowed):
                store.run(people.sign_in, "bao", "wrong", None)
        store.run(people.sign_in, "bao", PASSWORD, None)


def test_unknown_and_disabled_people_do_not_sign_in(store: Store, firm: Firm) -> None:
    with pytest.raises(NotAllowed):
        store.run(people.sign_in, "nobody", PASSWORD, None)
    with pytest.raises(NotAllowed):
        store.run(people.sign_in, "bei", "", None)
    store.run(people.disable, "bao", by=firm.ma)
    with pytest.raises(NotAllowed, match="disabled"):
        store.run(people.sign_in, "bao", PASSWORD, None)
    store.run(people.enable, "bao", by=firm.ma)
    store.run(people.sign_in, "bao", PASSWORD, None)


def test_a_second_factor_is_asked_for_once_it_is_set(store: Store, firm: Firm, clock: TestClock) -> None:
    secret = pyotp.random_base32()
    store.run(people.set_totp, firm.bao.id, secret)
    for code in (None, "000000"):
        with pytest.raises(NotAllowed, match="one-time code"):
            store.run(people.sign_in, "bao", PASSWORD, code)
    code = pyotp.TOTP(secret).at(clock.now())
    assert store.run(people.sign_in, "bao", PASSWORD, code).login == "bao"
    clock.advance(timedelta(minutes=10))
    with pytest.raises(NotAllowed):
        store.run(people.sign_in, "bao", PASSWORD, code)


def test_a_new_password_or_new_roles_end_the_sessions_of_before(store: Store, firm: Firm) -> None:
    epoch = store.read(people.epoch_of, firm.bao.id)
    assert store.read(people.of_session, firm.bao.id, epoch) is not None
    store.run(people.change_password, firm.bao.id, PASSWORD, "a new password")
    assert store.read(people.of_session, firm.bao.id, epoch) is None
    epoch = store.read(people.epoch_of, firm.bao.id)
    store.run(people.set_roles, "bao", ["reviewer"], by=firm.ma)
    assert store.read(people.of_session, firm.bao.id, epoch) is None
    with pytest.raises(NotAllowed, match="old password"):
        store.run(people.change_password, firm.bao.id, PASSWORD, "another one")


def test_a_leavers_open_work_goes_back_to_its_queue(play: Play, firm: Firm) -> None:
    play.deploy("startEvent s\nuserTask a groups=bookkeeper\ns -> a")
    play.start()
    play.store.run(work_items.claim, play.item("a"), by=firm.bao)
    assert play.store.run(people.disable, "bao", by=firm.ma) == 1
    play.complete("a", by=firm.bei)


def test_managing_people_is_a_right_and_bad_input_is_told(store: Store, firm: Firm) -> None:
    with pytest.raises(NotAllowed):
        store.run(people.create, "new", "New", by=firm.bao)
    with pytest.raises(NotAllowed):
        store.run(people.set_password, "ma", PASSWORD, by=firm.bao)
    with pytest.raises(Conflict):
        store.run(people.create, "bao", "Bao", by=firm.ma)
    with pytest.raises(InvalidInput, match="role «king»"):
        store.run(people.create, "new", "New", roles=["king"], by=firm.ma)
    with pytest.raises(InvalidInput, match="too short"):
        store.run(people.create, "new", "New", password="short", by=firm.ma)
    with pytest.raises(NotFound):
        store.run(people.set_roles, "nobody", [], by=firm.ma)
    with pytest.raises(InvalidInput):
        store.run(people.grant, "sales", "fly", allowed=True, by=firm.ma)


def test_a_grant_is_given_and_taken(store: Store, firm: Firm) -> None:
    store.run(people.grant, "bookkeeper", "reports.view", allowed=True, by=firm.ma)
    store.run(people.grant, "bookkeeper", "reports.view", allowed=True, by=firm.ma)
    assert "reports.view" in store.read(people_queries.grants)["bookkeeper"]
    store.run(people.grant, "bookkeeper", "reports.view", allowed=False, by=firm.ma)
    assert "reports.view" not in store.read(people_queries.grants)["bookkeeper"]
    store.run(people.setup_firm)
    assert "reports.view" not in store.read(people_queries.grants)["bookkeeper"]
