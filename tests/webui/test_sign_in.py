"""Signing in."""

from __future__ import annotations

import pyotp
import pytest

from engine.commands import people
from store.clock import TestClock
from store.unit_of_work import Store
from tests.conftest import Firm
from tests.webui.conftest import As, form

PASSWORD = "a long enough password"


@pytest.fixture
def bao(store: Store, firm: Firm) -> str:
    """Bao with a password."""
    store.run(people.set_password, firm.bao.login, PASSWORD, by=None)
    return firm.bao.login


def test_the_right_password_opens_the_desk(as_: As, bao: str) -> None:
    browser = as_(None)
    answer = browser.post("/sign-in", data=form(login=bao, password=PASSWORD))
    assert answer.status_code == 303
    assert "我的工作" in browser.get("/desk").text


def test_a_wrong_password_and_an_unknown_login_are_answered_alike(as_: As, bao: str) -> None:
    wrong = as_(None).post("/sign-in", data=form(login=bao, password="not this one"))
    unknown = as_(None).post("/sign-in", data=form(login="nobody", password="not this one"))
    assert wrong.status_code == unknown.status_code == 403
    told = [
        answer.text[answer.text.index('role="alert"') :].split("</div>")[0] for answer in (wrong, unknown)
    ]
    assert told[0] == told[1]


def test_the_login_is_kept_when_the_password_is_wrong(as_: As, bao: str) -> None:
    assert f'value="{bao}"' in as_(None).post("/sign-in", data=form(login=bao, password="wrong")).text


def test_a_one_time_code_is_asked_for_once_it_is_set_up(
    as_: As, bao: str, store: Store, firm: Firm, clock: TestClock
) -> None:
    secret = pyotp.random_base32()
    store.run(people.set_totp, firm.bao.id, secret)
    assert as_(None).post("/sign-in", data=form(login=bao, password=PASSWORD)).status_code == 403
    code = pyotp.TOTP(secret).at(clock.now())
    assert as_(None).post("/sign-in", data=form(login=bao, password=PASSWORD, code=code)).status_code == 303


def test_a_page_asked_for_before_signing_in_is_opened_afterwards(as_: As, bao: str) -> None:
    browser = as_(None)
    asked = browser.get("/clients/?text=x")
    assert asked.location == "/sign-in?back=/clients/?text%3Dx"
    opened = browser.post("/sign-in", data=form(login=bao, password=PASSWORD, back="/clients/?text=x"))
    assert opened.location == "/clients/?text=x"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_signing_in_never_leads_to_another_site(as_: As, bao: str, elsewhere: str) -> None:
    answer = as_(None).post("/sign-in", data=form(login=bao, password=PASSWORD, back=elsewhere))
    assert answer.location == "/"


def test_a_disabled_person_is_signed_out_everywhere(as_: As, store: Store, firm: Firm) -> None:
    browser = as_(firm.bao)
    assert browser.get("/desk").status_code == 200
    store.run(people.disable, "bao", by=firm.ma)
    assert browser.get("/desk").status_code == 302


def test_a_program_without_a_session_gets_401(as_: As) -> None:
    assert as_(None).get("/desk", headers={"Accept": "application/json"}).status_code == 401


def test_signing_out_ends_the_session(as_: As, firm: Firm) -> None:
    browser = as_(firm.bao)
    browser.post("/sign-out", data=form())
    assert browser.get("/desk").status_code == 302


def test_the_chosen_language_stays_with_the_person(as_: As, firm: Firm, store: Store) -> None:
    browser = as_(firm.bao)
    browser.post("/language", data=form(language="en", back="/desk"))
    assert "My work" in browser.get("/desk").text
    kept = store.read(people.load, firm.bao.id)
    assert kept is not None
    assert kept.locale == "en"


def test_changing_the_password_asks_for_the_old_one(as_: As, bao: str, firm: Firm) -> None:
    del bao
    refused = as_(firm.bao).post("/me/password", data=form(old="wrong", new="another long password"))
    assert refused.status_code in {403, 302}
