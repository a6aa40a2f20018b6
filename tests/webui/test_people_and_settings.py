"""Staff, rights, and the firm's settings."""

from __future__ import annotations

import pytest

from engine.commands import people
from store.unit_of_work import Store
from tests.conftest import Firm
from tests.webui.conftest import As, form


def test_a_person_is_added_with_roles(as_: As, firm: Firm, store: Store) -> None:
    browser = as_(firm.ma)
    data = form(login="xin", name="小新", password="a long enough password", role=["cashier", "bookkeeper"])
    browser.post("/people/", data=data)
    assert "小新" in browser.get("/people/").text
    assert store.run(people.by_login, "xin").roles == {"cashier", "bookkeeper"}


def test_a_short_password_is_refused_in_words(as_: As, firm: Firm) -> None:
    answer = as_(firm.ma).post("/people/", data=form(login="xin", name="小新", password="short"))
    assert answer.status_code == 422
    assert "密码太短" in answer.text


def test_roles_are_changed_and_a_person_disabled(as_: As, firm: Firm, store: Store) -> None:
    browser = as_(firm.ma)
    browser.post("/people/bei/roles", data=form(role=["tax_clerk"]))
    assert store.run(people.by_login, "bei").roles == {"tax_clerk"}
    browser.post("/people/bei/disable", data=form())
    assert store.read(people.load, firm.bei.id) is None


def test_what_a_role_may_do_is_exactly_what_was_ticked(as_: As, firm: Firm, store: Store) -> None:
    as_(firm.ma).post("/people/grants", data=form(role="bookkeeper", action=["work.take", "reports.view"]))
    assert store.run(people.by_login, "bao").actions == {"work.take", "reports.view"}


def test_the_pages_are_for_those_who_may(as_: As, firm: Firm) -> None:
    for path in ("/people/", "/settings/"):
        assert as_(firm.bao).get(path).status_code == 403


def test_a_setting_is_changed_and_shown(as_: As, firm: Firm) -> None:
    browser = as_(firm.ma)
    page = browser.post("/settings/", data=form(key="link_days", value="7"), follow_redirects=True).text
    assert "link_days" in page
    assert 'value="7"' in page


@pytest.mark.parametrize(("key", "value"), [("link_days", "seven"), ("not a name", "1"), ("", "1")])
def test_a_setting_that_cannot_be_is_refused(as_: As, firm: Firm, key: str, value: str) -> None:
    assert as_(firm.ma).post("/settings/", data=form(key=key, value=value)).status_code == 422
