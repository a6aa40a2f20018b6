"""Surveys, hand-overs, and processes that start processes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from engine.commands import deployments, instances
from engine.commands._running import variable_value
from engine.errors import InvalidAnswers
from engine.service_tasks import BusinessError
from engine.worker import Worker
from store.tables import Document, Instance, InstanceVariable, Survey
from tests.engine.bpmn.drawing import bpmn
from tests.handlers.tasks.bench import Bench
from tests.handlers.tasks.test_books import closed, with_a_sale

GOOD = {
    "rate_timeliness": 5,
    "rate_accuracy": Decimal(5),
    "rate_attitude": 4,
    "rate_advice": 4,
    "recommend": 9,
}
SIGNERS = {
    "handed_over_by": "白桥",
    "received_by": "陈雨",
    "supervised_by": "唐薇",
    "handed_over_on": date(2026, 9, 1),
}
STARTER = """
startEvent begin
serviceTask call topic=processes.start "in=given:= 1 + 1" 'in=period:= "2026-05"'
endEvent over
begin -> call -> over
"""
HEADERS = (
    b'<zeebe:taskHeaders><zeebe:header key="process" value="q"/></zeebe:taskHeaders><zeebe:taskDefinition'
)


def test_a_survey_is_opened_once_and_scored(star: Bench) -> None:
    first = star.run("survey.send", {}, key="s", kind="follow_up")
    again = star.run("survey.send", {}, key="s", kind="follow_up")
    answer = star.run("survey.score", {**first, **GOOD, "survey_comment": "好"})

    assert first == again
    assert 85 < answer["score"] < 100
    row = star.rows(Survey)[0]
    assert (row.score, row.answers["rate_accuracy"], row.answers["comment"]) == (answer["score"], 5, "好")


def test_the_worst_survey_scores_nothing(star: Bench) -> None:
    survey = star.run("survey.send", {}, kind="delivery")
    worst = {**dict.fromkeys(GOOD, 1), "recommend": 0}

    assert star.run("survey.score", {**survey, **worst}) == {"score": 0}


def test_an_answer_outside_its_scale_is_refused(star: Bench) -> None:
    survey = star.run("survey.send", {}, kind="delivery")

    with pytest.raises(InvalidAnswers):
        star.run("survey.score", {**survey, **GOOD, "rate_advice": 6})


def test_what_a_new_client_hands_over_is_listed(star: Bench) -> None:
    answer = star.run("handover.list", direction="in")

    assert answer["handover_items"][0]["name"].startswith("营业执照")
    assert {"no", "name", "count", "period", "note", "label", "value"} <= set(answer["handover_items"][0])
    assert answer["handover_text"].count("\n") == len(answer["handover_items"]) - 1


def test_what_goes_back_to_the_client_is_counted(star: Bench) -> None:
    with_a_sale(star)
    closed(star)

    items = {item["name"]: item for item in star.run("handover.list", direction="out")["handover_items"]}

    assert (items["会计凭证"]["count"], items["会计凭证"]["period"]) == (4, "2026-08至2026-08")
    assert items["银行对账单和余额调节表"]["count"] == 1


def test_three_people_sign_the_hand_over(star: Bench) -> None:
    listed = star.run("handover.list", direction="in")
    first = star.run("handover.record", {**listed, **SIGNERS}, direction="in")
    again = star.run("handover.record", {**listed, **SIGNERS}, direction="in")

    assert first == again
    row = star.rows(Document, Document.id == UUID(first["handover_document"]))[0]
    assert (row.kind, row.state) == ("handover", "produced")
    assert star.body_of(row.id).startswith(b"%PDF")


def test_nobody_signs_the_hand_over_twice(star: Bench) -> None:
    with pytest.raises(BusinessError) as raised:
        star.run("handover.record", {**SIGNERS, "supervised_by": " 陈 雨"}, direction="in")

    assert raised.value.code == "handover.same_person"


def test_a_process_starts_another_with_its_inputs_only(star: Bench) -> None:
    def deploy(uow: Any, /) -> UUID:
        waiting = "startEvent a\nuserTask stay groups=bookkeeper\nendEvent z\na -> stay -> z"
        files = {
            "q/q.bpmn": bpmn(waiting, "q"),
            "r/r.bpmn": bpmn(STARTER, "r").replace(b"<zeebe:taskDefinition", HEADERS),
        }
        deployments.deploy(uow, files, by=None)
        return instances.start(uow, "r", {"secret": 1}, by=None, client=star.client, period="2026-08")

    caller = star.change(deploy)
    Worker(star.store, mail=star.mail).run_due()

    assert star.rows(Instance, Instance.id == caller)[0].state == "completed"
    begun = star.rows(Instance, Instance.process == "q")[0]
    assert (begun.client_id, begun.period) == (star.client, "2026-05")
    found = star.rows(InstanceVariable, InstanceVariable.instance_id == begun.id)
    values = {row.name: variable_value(row.value) for row in found}
    assert values["given"] == 2
    assert "secret" not in values
