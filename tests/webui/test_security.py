"""What every answer carries, and what every changing request must."""

from __future__ import annotations

from flask import Flask

from tests.conftest import Firm
from tests.webui.conftest import As, form


def test_scripts_and_styles_come_from_here_only(as_: As, firm: Firm) -> None:
    policy = as_(firm.ma).get("/desk").headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe-eval" not in policy


def test_pages_hold_no_script_or_style_of_their_own(as_: As, firm: Firm) -> None:
    browser = as_(firm.ma)
    for path in ("/desk", "/clients/", "/processes/", "/studio/", "/people/", "/settings/"):
        text = browser.get(path).text
        assert "<style" not in text
        assert "onclick=" not in text
        scripts = [part.split(">")[0] for part in text.split("<script")[1:]]
        assert all("src=" in script or "application/json" in script for script in scripts)


def test_pages_are_not_kept_and_not_framed(as_: As, firm: Firm) -> None:
    headers = as_(firm.ma).get("/desk").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_change_without_the_token_is_refused(as_: As, firm: Firm) -> None:
    answer = as_(firm.ma).post("/people/", data={"login": "x", "name": "x"})
    assert answer.status_code == 400
    assert "没有提交" in answer.text


def test_a_change_with_somebody_elses_token_is_refused(as_: As, firm: Firm) -> None:
    assert as_(firm.ma).post("/sign-out", data={"csrf_token": "another"}).status_code == 400


def test_the_session_cookie_is_out_of_reach_of_scripts(as_: As, firm: Firm) -> None:
    answer = as_(firm.bao).post("/language", data=form(language="en"))
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_an_answer_tells_nothing_of_an_unexpected_error(as_: As, firm: Firm) -> None:
    answer = as_(firm.ma).get("/clients/does-not-exist")
    assert answer.status_code == 404
    assert "Traceback" not in answer.text


def test_an_address_that_leads_nowhere_is_told_in_the_frame(as_: As, firm: Firm) -> None:
    answer = as_(firm.ma).get("/nowhere")
    assert answer.status_code == 404
    assert all(word in answer.text for word in ("找不到", "我的工作", firm.ma.name))


def test_a_stranger_at_an_address_that_leads_nowhere_sees_nobodys_frame(app: Flask) -> None:
    answer = app.test_client().get("/nowhere")
    assert answer.status_code == 404
    assert "我的工作" not in answer.text
