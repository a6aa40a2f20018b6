"""Trying expressions and tables on the variables of a past instance: what is shown, who may, and that nothing is kept."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from engine.commands import deployments, instances, trying
from engine.dmn import parse
from engine.people import Person
from store.tables import Definition, HistoryEvent
from store.unit_of_work import Store, counted
from tests.conftest import Firm
from tests.engine.bpmn.drawing import bpmn
from tests.engine.commands.deciding import RATES, dmn, formula
from tests.engine.dmn.test_importing import BILL
from tests.engine.dmn.test_importing import RATES as BASE
from tests.webui.conftest import CSRF, As

JSON = {"Accept": "application/json", "X-CSRF-Token": CSRF}
PROCESS = bpmn(
    "startEvent s\nuserTask u groups=bookkeeper in='doubled:=amount * 2'\nendEvent e\ns -> u -> e", "kept"
)


@pytest.fixture
def kept(store: Store, firm: Firm) -> UUID:
    """An instance of the small firm's client that holds some variables."""
    files = {"kept/kept.bpmn": PROCESS, "kept/rates.dmn": RATES}
    store.run(deployments.deploy, files, by=None)
    given = {"amount": 50, "who": "晨光", "长 名": [1, 2]}
    return store.run(instances.start, "kept", given, by=None, client=firm.client)


def ask(browser: FlaskClient, text: str, **more: Any) -> str:
    answer = browser.post("/try/expression", json={"expression": text, **more}, headers=JSON)
    assert answer.status_code == 200, answer.text
    html: str = (answer.json or {})["html"]
    return html


def decide(browser: FlaskClient, decision: str, **more: Any) -> str:
    answer = browser.post("/try/decision", json={"decision": decision, **more}, headers=JSON)
    assert answer.status_code == 200, answer.text
    html: str = (answer.json or {})["html"]
    return html


def version(store: Store) -> str:
    query = select(Definition.id).where(Definition.kind == "decision", Definition.key == "rates")
    return str(store.read(lambda connection: connection.execute(query).scalar_one()))


def test_an_expression_sees_the_variables_of_the_instance(as_: As, firm: Firm, kept: UUID) -> None:
    browser = as_(firm.bao)
    found = ask(browser, "= sum(长 名) + amount / 4", instance=str(kept))
    assert ">15.5</pre>" in found
    assert ">数字<" in found


def test_an_inner_scope_sees_its_own(as_: As, firm: Firm, kept: UUID) -> None:
    browser = as_(firm.bao)
    page = browser.get(f"/try/?instance={kept}").text
    assert 'id="try-scope"' in page
    number = page.split('<option value="', 2)[2].split('"', 1)[0]
    assert ">100</pre>" in ask(browser, "doubled", instance=str(kept), scope=number)
    assert ">null</pre>" in ask(browser, "doubled", instance=str(kept), scope="0")


@pytest.mark.parametrize("written", ['{"amount": 0.1}', "{amount: 0.2 - 0.1}", "= {amount: 0.1}"])
def test_written_variables_go_over_those_of_the_instance(
    as_: As, firm: Firm, kept: UUID, written: str
) -> None:
    found = ask(as_(firm.bao), "amount + 0.2 = 0.3", instance=str(kept), variables=written)
    assert ">true</pre>" in found


def test_warnings_are_in_words(as_: As, firm: Firm) -> None:
    assert "没有变量或函数「nobody」，按空值计算。" in ask(as_(firm.bao), "nobody + 1")
    assert "There is no variable or function &#39;nobody&#39;." in ask(as_(firm.bao, "en"), "nobody + 1")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1/0", "除数是零，按空值计算。"),
        ('sum("x")', "函数 sum() 只接受数字或时长。"),
        ('floor("a")', "函数 floor() 不接受参数（文字）。"),
        ('duration("P1Y") + 1', "「+」不能用于年月时长和数字。"),
        ('{d: @"2026-01-01T10:00:00"}.d * "a"', "「*」不能用于日期时间和文字。"),
        ('if "x" then 1 else 2', "if 的条件要得出是或非，不能是文字。"),
        ("[1,2][5]", "列表有 2 项，没有第 5 项。"),
    ],
)
def test_a_warning_names_kinds_as_people_do(as_: As, firm: Firm, text: str, told: str) -> None:
    assert told in ask(as_(firm.bao), text)


def test_a_mistake_is_marked_where_it_is(as_: As, firm: Firm) -> None:
    found = ask(as_(firm.bao), "1 +\n  * 2")
    assert "第 2 行第 3 个字符" in found
    assert "1 +\n  <mark>*</mark> 2" in found
    assert "这里应有一个值" in found


def test_a_mistake_in_the_written_variables_is_told_as_one_of_them(as_: As, firm: Firm) -> None:
    assert "变量，第 1 行第 5 个字符" in ask(as_(firm.bao), "1", variables="{a: }")
    assert "请把变量写成" in ask(as_(firm.bao), "1", variables="[1]")


def test_what_is_shown_is_text(as_: As, firm: Firm) -> None:
    found = ask(as_(firm.bao), '"<b>" + x', variables='{"x": "<script>"}')
    assert "<script>" not in found
    assert "&lt;b&gt;&lt;script&gt;" in found


def test_what_runs_away_is_stopped(as_: As, firm: Firm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "STEPS", 2_000)
    found = ask(as_(firm.bao), "count(for i in 1..1000, j in 1..50 return i * j)")
    assert "计算超过 2000 步，已停止" in found


def test_all_cells_of_a_table_share_one_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trying, "SECONDS", 0)
    slow = dmn(formula("a", "count(for i in 1..2000 return i)"))
    with pytest.raises(Exception, match="longer than 0 s"):
        trying.decision(store, parse(slow), "a", {})


def test_a_long_value_is_cut_and_says_so(as_: As, firm: Firm) -> None:
    found = ask(as_(firm.bao, "en"), 'for i in 1..5000 return "0123456789"')
    assert "characters are left out" in found
    assert len(found) < 150_000


def test_a_function_is_named_as_one(as_: As, firm: Firm) -> None:
    assert ">函数</pre>" in ask(as_(firm.bao), "function(a) a")


def test_a_deployed_table_marks_what_fired_and_shows_what_went_in(
    as_: As, firm: Firm, store: Store, kept: UUID
) -> None:
    found = decide(as_(firm.bao), "rate", definition=version(store), instance=str(kept))
    assert "[0.01, 0.05]" in found
    assert found.count('aria-current="true"') == 3, "two of the rate, one of the size that it requires"
    assert found.index("<h3>税率") < found.index("<h3>规模")
    assert "<dt>金额</dt><dd><code>50</code></dd>" in found


def test_a_draft_is_tried_as_it_stands_in_the_editor(as_: As, firm: Firm, kept: UUID) -> None:
    body = RATES.replace(b"0.01", b"0.02").decode()
    found = decide(as_(firm.ma), "rate", body=body, path="kept/rates.dmn", instance=str(kept))
    assert "[0.02, 0.05]" in found
    assert "/decisions/" not in found, "a draft was never counted"


def test_a_table_that_contradicts_itself_says_where(as_: As, firm: Firm) -> None:
    body = RATES.replace(b"COLLECT", b"UNIQUE").decode()
    found = decide(as_(firm.ma), "rate", body=body, path="rates.dmn", variables='{"amount": 50}')
    assert "决策「税率」" in found
    assert "这张表要求最多一行符合" in found


def test_a_draft_reads_what_it_imports_as_it_is_deployed(as_: As, firm: Firm, store: Store) -> None:
    store.run(deployments.deploy, {"t/base.dmn": BASE}, by=None)
    body = BILL.decode().replace("half of(200", "half of(400")
    found = decide(
        as_(firm.ma), "tax", body=body, path="t/bill.dmn", variables='{"payer": {"size": "small"}}'
    )
    assert ">2.00</pre>" in found


def test_a_draft_needs_the_right_to_draft(as_: As, firm: Firm) -> None:
    asked = {"decision": "rate", "body": RATES.decode(), "path": "rates.dmn"}
    assert as_(firm.bao).post("/try/decision", json=asked, headers=JSON).status_code == 403


def test_variables_are_for_those_who_may_see_the_instance(as_: As, firm: Firm, kept: UUID) -> None:
    browser = as_(firm.bei)
    assert browser.get(f"/try/variables?instance={kept}").status_code == 404
    assert browser.get(f"/try/?instance={kept}").status_code == 404
    assert "data-try-instance" not in browser.get(f"/try/instances?q={kept}").text
    refused = ask(browser, "who", instance=str(kept))
    assert "晨光" not in refused
    assert 'class="zf-try-refused"' in refused


@pytest.mark.parametrize("text", ["晨光", "kept", ""])
def test_instances_are_found_by_client_and_process_and_the_newest_are_offered(
    as_: As, firm: Firm, kept: UUID, text: str
) -> None:
    assert f'data-try-instance="{kept}"' in as_(firm.bao).get("/try/instances", query_string={"q": text}).text


def test_an_instance_is_found_by_its_number_and_what_is_not_there_is_said(
    as_: As, firm: Firm, kept: UUID
) -> None:
    browser = as_(firm.bao)
    assert f'data-try-instance="{kept}"' in browser.get(f"/try/instances?q={kept}").text
    for nothing in (str(uuid4()), "没有这个"):
        assert "没有找到" in browser.get("/try/instances", query_string={"q": nothing}).text


def test_nothing_is_written(as_: As, firm: Firm, store: Store, kept: UUID) -> None:
    browser = as_(firm.ma)

    def facts() -> int:
        query = select(func.count(HistoryEvent.id))
        found: int = store.read(lambda connection: connection.execute(query).scalar_one())
        return found

    before = facts()
    with counted(store) as statements:
        ask(browser, "amount", instance=str(kept))
        decide(browser, "rate", definition=version(store), instance=str(kept))
    assert {each.split()[0] for each in statements} <= {"SELECT", "BEGIN"}
    assert "BEGIN IMMEDIATE" not in statements
    assert facts() == before


@pytest.mark.parametrize("person", ["ma", "bao"])
def test_the_page_opens_for_whoever_sees_processes(as_: As, firm: Firm, kept: UUID, person: str) -> None:
    who: Person = getattr(firm, person)
    page = as_(who).get("/try/")
    assert page.status_code == 200
    assert "税率 · v1" in page.text


def test_the_studio_offers_it_for_processes_and_decisions(as_: As, firm: Firm, kept: UUID) -> None:
    browser = as_(firm.ma)
    for path in ("kept/kept.bpmn", "kept/rates.dmn"):
        assert "data-try-drawer" in browser.get(f"/studio/edit?path={path}").text
