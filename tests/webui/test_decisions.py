"""Decisions on pages: what was decided in an instance, and how often each rule has fired."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from engine.commands import deployments, instances
from store.tables import Definition
from store.unit_of_work import Store, counted
from tests.conftest import Firm
from tests.engine.bpmn.drawing import bpmn
from tests.engine.commands.deciding import RATES, dmn, formula
from tests.webui.conftest import As

PROCESS = bpmn(
    "startEvent s\nbusinessRuleTask ask decision=rate answer=rates\n"
    "businessRuleTask each decision=rate answer=r 'each== amounts' item=amount\n"
    "userTask u groups=bookkeeper\ns -> ask -> each -> u",
    "rated",
)
FORMULA = dmn(formula("twice", "amount * 2"), name="twice")


@pytest.fixture
def rated(store: Store, firm: Firm) -> UUID:
    """An instance of the small firm's client that has asked once alone and four times together."""
    files = {"rated/rates.dmn": RATES, "rated/rated.bpmn": PROCESS, "rated/twice.dmn": FORMULA}
    store.run(deployments.deploy, files, by=None)
    given = {"amount": 50, "amounts": [5, 7, 101, -1]}
    return store.run(instances.start, "rated", given, by=None, client=firm.client)


def version(store: Store, key: str = "rates") -> UUID:
    query = select(Definition.id).where(Definition.kind == "decision", Definition.key == key)
    found: UUID = store.read(lambda connection: connection.execute(query).scalar_one())
    return found


def test_the_instance_page_says_by_which_rules_and_leads_to_them(
    as_: As, firm: Firm, store: Store, rated: UUID
) -> None:
    page = as_(firm.ma).get(f"/instances/{rated}").text
    table = f"/decisions/{version(store)}"
    assert "决策「税率」：" in page
    assert f'<a href="{table}/rate?rules=1,3#rule-1">按第 1、3 行</a>' in page
    assert "规模 = &#34;小&#34;，金额 = 50 → [0.01, 0.05]" in page
    assert "决策「规模」（为「税率」）：" in page
    assert f'<a href="{table}/size?rules=1#rule-1">按第 1 行</a>' in page


def test_what_one_step_asked_many_times_is_one_line_that_leads_to_each(
    as_: As, firm: Firm, rated: UUID
) -> None:
    browser = as_(firm.ma, "en")
    page = browser.get(f"/instances/{rated}").text
    assert "Decision “Rate”, evaluated 4 times: " in page
    assert ">by rule 1 ×2</a>" in page
    assert ">No rule matched ×1</a>" in page
    address = f"/decisions/of/{rated}?element=each"
    assert f'href="{address}"' in page
    each = browser.get(address).text
    assert each.count(">by rule 1</a>") == 4, "two of the rate, two of the size that it requires"
    assert "<code>101</code>" in each


def test_the_history_of_a_shape_tells_of_its_decisions_only(as_: As, firm: Firm, rated: UUID) -> None:
    page = as_(firm.ma).get(f"/instances/{rated}/element?element=ask").text
    assert "按第 1、3 行" in page
    assert "判断了 4 次" not in page


def test_five_hundred_questions_do_not_push_out_the_history(as_: As, firm: Firm, store: Store) -> None:
    store.run(deployments.deploy, {"rated/rates.dmn": RATES, "rated/rated.bpmn": PROCESS}, by=None)
    given = {"amount": 50, "amounts": [50] * 600}
    rated = store.run(instances.start, "rated", given, by=firm.ma)
    with counted(store) as statements:
        page = as_(firm.ma).get(f"/instances/{rated}").text
    assert "判断了 600 次" in page
    assert sum("decision.evaluated" in each for each in statements) <= 2


def test_rules_show_how_often_they_fired_and_which_never_did(
    as_: As, firm: Firm, store: Store, rated: UUID
) -> None:
    page = as_(firm.ma).get(f"/decisions/{version(store)}/rate?rules=1,3,x,٣").text
    assert page.count("<tr id=") == 3
    assert page.count('aria-current="true"') == 2 + 1, "two rules, and the version that is shown"
    assert "3 次" in page
    assert "从未用过" not in page
    store.run(deployments.deploy, {"rated/rates.dmn": RATES.replace(b"0.03", b"0.06")}, by=None)
    query = select(Definition.id).where(Definition.key == "rates").order_by(Definition.version.desc())
    newer = store.read(lambda connection: connection.execute(query).scalars().first())
    fresh = as_(firm.ma).get(f"/decisions/{newer}/rate").text
    assert "还没有判断过" in fresh
    assert "从未用过" not in fresh, "nobody asked it yet"
    store.run(instances.start, "rated", {"amount": 1, "amounts": []}, by=None)
    assert as_(firm.ma).get(f"/decisions/{newer}/rate").text.count(">从未用过<") == 2


def test_a_decision_without_a_table_says_so(as_: As, firm: Firm, store: Store, rated: UUID) -> None:
    page = as_(firm.ma).get(f"/decisions/{version(store, 'twice')}/twice").text
    assert "没有规则行" in page


def test_all_decisions_are_listed_by_one_count(as_: As, firm: Firm, store: Store, rated: UUID) -> None:
    browser = as_(firm.ma)
    browser.get("/decisions/")
    with counted(store) as statements:
        page = browser.get("/decisions/").text
    assert "3 / 3" in page
    assert sum("outcome" in each for each in statements) == 1


@pytest.mark.parametrize(
    "address", ["/decisions/{}/gone", "/decisions/00000000-0000-0000-0000-000000000001/"]
)
def test_a_table_that_is_not_there_is_not_found(
    as_: As, firm: Firm, store: Store, rated: UUID, address: str
) -> None:
    answer = as_(firm.ma).get(address.format(version(store)))
    assert answer.status_code == 404


def test_who_may_not_see_the_instance_does_not_see_what_it_decided(as_: As, firm: Firm, rated: UUID) -> None:
    assert as_(firm.bao).get(f"/decisions/of/{rated}").status_code == 200, "the client is in her portfolio"
    assert as_(firm.bei).get(f"/decisions/of/{rated}").status_code == 404
