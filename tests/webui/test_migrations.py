"""Migrating instances and acting upon all of a process, as an operator does it on the pages."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from sqlalchemy import select

from engine.commands import deployments
from engine.worker import Worker
from store.tables import Definition, Instance
from store.unit_of_work import Store
from tests.conftest import Firm
from tests.webui.conftest import As, form
from tests.webui.sample import FILES, PROCESS

RENAMED = PROCESS.replace('"enter"', '"record"').replace("录入凭证", "登记凭证")
PATH = "/processes/month/migrate"


@pytest.fixture
def newer(store: Store, month: UUID) -> UUID:
    """The running month end, with a newer version deployed in which the first step has another id."""
    store.run(deployments.deploy, {**FILES, "month/month.bpmn": RENAMED.encode()}, by=None)
    return month


def version_of(store: Store, instance: UUID) -> int:
    query = select(Definition.version).join(Instance, Instance.definition_id == Definition.id)
    found = store.read(lambda connection: connection.scalar(query.where(Instance.id == instance)))
    return int(found or 0)


def test_the_page_asks_what_cannot_be_found_by_itself(as_: As, firm: Firm, newer: UUID) -> None:
    del newer
    page = as_(firm.ma).get(PATH).text
    assert "v1 → v2" in page
    assert 'name="map.enter"' in page
    assert page.index('name="map.enter"') < page.index('name="map.review"')
    assert page.count("data-diagram") == 2


def test_a_trial_tells_what_keeps_an_instance_back_and_offers_no_button(
    as_: As, firm: Firm, newer: UUID, store: Store
) -> None:
    page = as_(firm.ma).post(f"{PATH}/check", data=form(**{"from": "1", "to": "2", "map.enter": ""})).text
    assert "新版本里没有「录入凭证」" in page
    assert f'action="{PATH}"' not in page.replace(f'action="{PATH}/check', "").replace(
        f'get" action="{PATH}', ""
    )
    assert version_of(store, newer) == 1


def test_a_mapping_is_tried_then_carried_out(
    as_: As, firm: Firm, newer: UUID, store: Store, worker: Worker
) -> None:
    browser = as_(firm.ma)
    fields = {"from": "1", "to": "2", "map.enter": "record"}
    page = browser.post(f"{PATH}/check", data=form(**fields)).text
    assert "1 个可以迁移" in page
    assert "「录入凭证」转到「登记凭证」继续" in page
    answer = browser.post(PATH, data=form(**fields, reason="法规变了"))
    assert answer.status_code == 303
    assert "进行中" in browser.get(answer.location).text
    worker.run_due()
    page = browser.get(answer.location).text
    assert "完成" in page
    assert "1 / 1" in page
    assert version_of(store, newer) == 2
    assert "法规变了" in browser.get(f"/instances/{newer}").text


def test_the_instances_can_be_narrowed_to_a_client_and_a_period(as_: As, firm: Firm, newer: UUID) -> None:
    del newer
    browser = as_(firm.ma)
    for query, count in (("client=0001&period=2026-08", 1), ("period=2026-09", 0), ("client=0002", 0)):
        assert f"版本 1 有 {count} 个" in browser.get(f"{PATH}?{query}").text


def test_one_instance_is_migrated_from_its_own_page(as_: As, firm: Firm, newer: UUID, store: Store) -> None:
    browser = as_(firm.ma)
    link = re.search(r'href="(/processes/month/migrate[^"]+)"', browser.get(f"/instances/{newer}").text)
    assert link is not None
    assert "只迁移这一个实例" in browser.get(link.group(1).replace("&amp;", "&")).text
    fields = {"from": "1", "to": "2", "instance": str(newer), "map.enter": "record"}
    answer = browser.post(PATH, data=form(**fields, reason="试一个"))
    assert answer.location.endswith(f"/instances/{newer}")
    assert version_of(store, newer) == 2


def test_an_instance_that_cannot_go_is_told_why(as_: As, firm: Firm, newer: UUID) -> None:
    fields = {"from": "1", "to": "2", "instance": str(newer)}
    answer = as_(firm.ma).post(PATH, data=form(**fields, reason="试一个"))
    assert answer.status_code == 409
    assert "新版本里没有「enter」" in answer.text


def test_refused_instances_are_listed_with_their_reasons(
    as_: As, firm: Firm, newer: UUID, worker: Worker
) -> None:
    browser = as_(firm.ma)
    answer = browser.post(PATH, data=form(**{"from": "1", "to": "2"}, reason="x"))
    worker.run_due()
    page = browser.get(answer.location).text
    assert "新版本里没有「录入凭证」" in page
    assert f"/instances/{newer}" in page
    assert "hx-trigger" not in page


def test_all_are_suspended_with_their_number_in_view(
    as_: As, firm: Firm, month: UUID, worker: Worker
) -> None:
    browser = as_(firm.ma)
    page = browser.get("/processes/month/operate").text
    assert "1 个运行中的实例" in page
    answer = browser.post("/processes/month/operate", data=form(act="suspend", version="1", reason="盘点"))
    worker.run_due()
    assert "1 / 1" in browser.get(answer.location).text
    assert "已暂停" in browser.get(f"/instances/{month}").text
    assert "盘点" in browser.get("/processes/month/operate").text


def test_an_act_that_runs_can_be_stopped(as_: As, firm: Firm, month: UUID, worker: Worker) -> None:
    browser = as_(firm.ma)
    answer = browser.post("/processes/month/operate", data=form(act="cancel", version="", reason="x"))
    browser.post(f"{answer.location}/stop", data=form())
    worker.run_due()
    assert "0 / 1" in browser.get(answer.location).text
    assert "运行中" in browser.get(f"/instances/{month}").text


@pytest.mark.parametrize("path", [PATH, "/processes/month/operate"])
def test_only_operators_get_there(as_: As, firm: Firm, newer: UUID, path: str) -> None:
    del newer
    browser = as_(firm.bao)
    assert browser.get(path).status_code == 403
    assert browser.post(path, data=form(act="cancel", reason="x")).status_code == 403
    assert "migrate" not in browser.get("/processes/month").text


@pytest.mark.parametrize("path", [PATH, "/processes/month/operate"])
def test_the_pages_are_english_too(as_: As, firm: Firm, newer: UUID, path: str) -> None:
    del newer
    page = re.sub(r"<script.*?</script>", "", as_(firm.ma, "en").get(path).text, flags=re.DOTALL)
    page = page.replace("中文", "").replace("账", "").replace("登记凭证", "")
    assert re.findall(r"[\u4e00-\u9fff]+", page) == []


def test_an_act_that_waits_for_its_turn_is_among_the_jobs(as_: As, firm: Firm, month: UUID) -> None:
    del month
    browser = as_(firm.ma)
    browser.post("/processes/month/operate", data=form(act="cancel", version="", reason="x"))
    assert "zhangfang.batch" in browser.get("/operations/?tab=jobs").text


def test_nothing_there_is_said_so(as_: As, firm: Firm, month: UUID) -> None:
    browser = as_(firm.ma)
    assert browser.get("/processes/nothing/migrate").status_code == 404
    assert browser.get(f"/batches/{month}").status_code == 404
    assert browser.get(f"{PATH}?instance=x").status_code == 422
