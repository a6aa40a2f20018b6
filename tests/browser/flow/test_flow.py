"""One client from the enquiry to the survey, by nothing but pages: every step done in a browser by the role that does it."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from playwright.sync_api import Browser
from sqlalchemy import func, select
from werkzeug.serving import make_server

import webui
from engine.worker import Worker
from handlers.demo import firm
from handlers.demo.inputs import inputs_of
from handlers.demo.mailbox import Mailbox
from store.clock import TestClock
from store.tables import Incident, Job, Survey, TaxReturn, Voucher, VoucherLine
from store.unit_of_work import Store
from tests.browser.flow.acting import BrowserCast
from webui import assets, installation
from webui.settings import read_settings

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = ROOT.parent / "shared" / "samples"
SCREENS = ROOT / "var" / "screens"
ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2026, 8, 3, 9, tzinfo=ZONE)
END = datetime(2026, 9, 30, 18, tzinfo=ZONE)
MOST_STEPS = 400
STAR = "91980105MA9XQ00138"

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(
        not (assets.BUILT / "manifest.json").exists(), reason="needs the front end (make setup builds it)"
    ),
    pytest.mark.skipif(not SAMPLES.exists(), reason="needs ../shared/samples"),
]


@dataclass
class Stage:
    """The running product."""

    store: Store
    clock: TestClock
    worker: Worker
    cast: BrowserCast


@pytest.fixture
def stage(tmp_path: Path, browser: Browser) -> Iterator[Stage]:
    """The product with the demo's staff and no client, served on a free port."""
    clock = TestClock(BEGIN)
    settings = read_settings({"ZHANGFANG_DATA_FOLDER": str(tmp_path), "ZHANGFANG_DEMO": "1"})
    with installation.opened(settings, clock) as store:
        installation.set_up(store)
        store.run(firm.load_staff)
        mailbox = Mailbox(tmp_path / "outbox")
        server = make_server("127.0.0.1", 0, webui.create_app(store, settings), threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        SCREENS.mkdir(parents=True, exist_ok=True)
        script = script_of_august()
        cast = BrowserCast(
            store,
            mailbox,
            script,
            tell=lambda *_: None,
            say=lambda zh, _: zh,
            inputs=inputs_of(SAMPLES, {case["credit_code"]: case["code"] for case in script["cases"]}),
            browser=browser,
            address=f"http://127.0.0.1:{server.server_port}",
            screens=SCREENS,
        )
        yield Stage(store, clock, Worker(store, mail=mailbox), cast)
        server.shutdown()
        thread.join(5)


def script_of_august() -> Any:
    """The demo's script for one client whose service begins in August."""
    script = copy.deepcopy(yaml.safe_load(files("handlers.demo").joinpath("script.yaml").read_text("utf-8")))
    script["cases"] = [case for case in script["cases"] if case["credit_code"] == STAR]
    script["answers"]["client_intake.prepare_proposal"]["starts_on"] = "2026-08-01"
    script["answers"]["onboarding.enter_openings"]["books_start"] = "2026-08"
    return script


def work_until(stage: Stage, last: str) -> None:
    """Run what is due, let people do what waits, then move the clock to the next thing, until the element ``last`` is done."""
    for _ in range(MOST_STEPS):
        stage.worker.run_due()
        if any(element == last for _, element in stage.cast.done):
            return
        if stage.cast.do_next():
            stage.clock.advance(timedelta(minutes=6))
            continue
        due = stage.store.read(_next_due)
        if due is None or due > END:
            return
        stage.clock.set(max(due, stage.clock.now()))
    raise AssertionError(f"The flow is not over after {MOST_STEPS} steps.")


def _next_due(connection: Any) -> datetime | None:
    found: datetime | None = connection.scalar(select(func.min(Job.due_at)).where(Job.held.is_(False)))
    return found


def test_a_client_goes_from_the_enquiry_to_the_survey_in_the_browser(stage: Stage) -> None:
    root = stage.cast.start("guo.bin", "client_intake")
    stage.cast.cases[root] = stage.cast.script["cases"][0]

    work_until(stage, "acknowledge_pack")
    stage.cast.start("xu.na", "follow_up", client="C0001", period="2026-09")
    work_until(stage, "answer_survey")

    done = {element for _, element in stage.cast.done}
    assert {"register_enquiry", "confirm_clauses", "client_signs", "firm_signs"} <= done, (
        "intake to signed contract"
    )
    assert {"upload_documents", "review_vouchers", "file_return", "answer_survey"} <= done, (
        "a month to the survey"
    )
    assert {login for login, _ in stage.cast.done} >= {"client", "guo.bin", "zhou.min"}, (
        "each role did its part"
    )
    assert stage.store.read(lambda c: c.scalar(select(func.count()).select_from(Incident))) == 0
    debit, credit = stage.store.read(
        lambda c: c.execute(
            select(func.sum(VoucherLine.debit), func.sum(VoucherLine.credit))
            .join(Voucher, Voucher.id == VoucherLine.voucher_id)
            .where(Voucher.state == "posted")
        ).one()
    )
    assert debit == credit > 0
    vat = stage.store.read(
        lambda c: c.scalar(
            select(TaxReturn.amount).where(TaxReturn.code == "VAT_M", TaxReturn.period == "2026-08")
        )
    )
    assert str(vat) == "308.50", "output 300.55 − toll 2.48, with 3.5 % city maintenance tax"
    assert stage.store.read(
        lambda c: c.scalar(select(func.count()).select_from(Survey).where(Survey.score.is_not(None)))
    )
    assert stage.cast.troubles == []
