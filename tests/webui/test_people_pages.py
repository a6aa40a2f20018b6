"""One person's account, teams, settings in their units, the handbook's words."""

from __future__ import annotations

from uuid import UUID

import pyotp
import pytest

from engine.commands import people, settings
from store.queries import firm_settings, people_accounts
from store.queries import people as people_queries
from store.unit_of_work import Store
from tests.conftest import Firm
from tests.webui.conftest import As, form


def test_staff_are_found_by_name_role_and_standing(as_: As, firm: Firm, store: Store) -> None:
    browser = as_(firm.ma)
    store.run(people.disable, "bei", by=None)
    assert "/people/bei" not in browser.get("/people/").text
    assert "/people/bei" in browser.get("/people/?standing=left").text
    found = browser.get("/people/?role=reviewer&text=ru").text
    assert "/people/rui" in found
    assert "/people/bao" not in found


def test_a_password_is_given_anew(as_: As, firm: Firm, store: Store) -> None:
    as_(firm.ma).post("/people/bao/password", data=form(password="another long password"))
    assert store.run(people.sign_in, "bao", "another long password").login == "bao"


def test_a_lost_phone_is_forgotten(as_: As, firm: Firm, store: Store) -> None:
    store.run(people.set_totp, firm.bao.id, pyotp.random_base32())
    as_(firm.ma).post("/people/bao/code/off", data=form())
    assert not store.read(people_accounts.all_)[firm.bao.id].second_factor


def test_somebody_is_disabled_and_comes_back(as_: As, firm: Firm, store: Store) -> None:
    browser = as_(firm.ma)
    browser.post("/people/bao/disable", data=form())
    browser.post("/people/bao/enable", data=form())
    assert store.read(people.load, firm.bao.id) is not None


def test_nobody_shuts_themselves_out(as_: As, firm: Firm) -> None:
    assert as_(firm.ma).post("/people/ma/disable", data=form()).status_code == 422


def test_a_team_is_made_and_filled(as_: As, firm: Firm, store: Store) -> None:
    browser = as_(firm.ma)
    browser.post("/people/teams", data=form(name="一组"))
    (team,) = store.read(people_queries.teams)
    browser.post(f"/people/teams/{team.id}", data=form(login=["bao", "rui"]))
    assert store.read(people_queries.teams)[0].members == ("bao", "rui")


@pytest.mark.parametrize("path", ["/people/bao", "/people/grants", "/people/?standing=all"])
def test_accounts_are_for_those_who_manage_the_staff(as_: As, firm: Firm, path: str) -> None:
    assert as_(firm.bao).get(path).status_code == 403


def test_an_unknown_login_is_not_found(as_: As, firm: Firm) -> None:
    assert as_(firm.ma).get("/people/nobody").status_code == 404


def test_settings_stand_in_groups_with_names_units_and_who_changed_them(
    as_: As, firm: Firm, store: Store
) -> None:
    store.run(settings.put, "review_days", 1, by=None)
    as_(firm.ma).post("/settings/", data=form(key="review_days", value="2"))
    page = as_(firm.ma).get("/settings/?text=复核期限").text
    for text in ("每月记账", "复核期限", "工作日", "Ma", "出厂值 1"):
        assert text in page


@pytest.mark.parametrize(
    ("key", "value", "kept"),
    [
        ("firm_name", "新名字", "新名字"),
        ("confirm_nil_returns", "true", True),
        ("reserve_rate", "0.05", {"$d": "0.05"}),
    ],
)
def test_a_setting_is_written_as_its_unit_says(
    as_: As, firm: Firm, store: Store, key: str, value: str, kept: object
) -> None:
    as_(firm.ma).post("/settings/", data=form(key=key, value=value))
    (row,) = [row for row in store.read(firm_settings.list_) if row.key == key]
    assert row.value == {"value": kept}


@pytest.mark.parametrize(
    ("key", "value"), [("review_days", "1.5"), ("review_days", "-1"), ("confirm_nil_returns", "maybe")]
)
def test_a_value_against_its_unit_is_refused(as_: As, firm: Firm, key: str, value: str) -> None:
    assert as_(firm.ma).post("/settings/", data=form(key=key, value=value)).status_code == 422


def test_the_handbook_finds_words_and_prints_whole(as_: As, firm: Firm, month: UUID) -> None:
    del month
    browser = as_(firm.bao)
    assert "逐张录入。" in browser.get("/handbook/?q=逐张").text
    assert "手册里没有这些字" in browser.get("/handbook/?q=没有的字").text
    assert "逐张录入。" in browser.get("/handbook/print").text


def test_a_step_says_who_does_it_and_who_may_not(as_: As, firm: Firm, month: UUID) -> None:
    del month
    page = as_(firm.bao).get("/handbook/month").text
    assert "不能与此步骤同一人：" in page
    assert "录入凭证" in page
