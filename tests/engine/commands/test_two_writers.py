"""Two writers of one variable: the last commit stays, and the history has both."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine import feel
from engine.service_tasks import Call, Handlers, Result
from engine.worker import Worker
from store.tables import HistoryEvent
from store.unit_of_work import UnitOfWork
from tests.engine.commands.playing import Play


def values_told(play: Play, name: str) -> list[Any]:
    query = select(HistoryEvent.detail).where(HistoryEvent.kind == "variables.set").order_by(HistoryEvent.id)
    return [
        feel.from_json(detail["values"][name]) for (detail,) in play.rows(query) if name in detail["values"]
    ]


def test_two_jobs_that_set_one_variable_are_both_told(play: Play, handlers: Handlers, worker: Worker) -> None:
    @handlers.service_task("set", effect="database")
    def set_it(call: Call, uow: UnitOfWork) -> Result:
        return {"amount": call.headers["to"]}

    header = "<zeebe:taskHeaders><zeebe:header key='to' value='VALUE'/></zeebe:taskHeaders>"
    task = (
        '<bpmn:serviceTask id="NAME"><bpmn:extensionElements><zeebe:taskDefinition type="set"/>'
        f"{header}</bpmn:extensionElements></bpmn:serviceTask>\n"
    )
    one, two = (task.replace("NAME", name).replace("VALUE", name) for name in ("one", "two"))
    play.deploy(
        f"startEvent s\nparallelGateway f\nparallelGateway j\n{one}{two}userTask z groups=bookkeeper\n"
        "s -> f\nf -> one -> j\nf -> two -> j\nj -> z"
    )
    instance = play.start(amount="0")
    worker.run_due()
    assert values_told(play, "amount") == ["0", "one", "two"]
    assert play.variables(instance)["amount"] == "two"


def test_two_scripts_in_one_step_are_both_told(play: Play) -> None:
    """Only the last value of a step stood in the history."""
    play.deploy(
        "startEvent s\nscriptTask a 'script== 1' result=amount\nscriptTask b 'script== 2' result=amount\n"
        "userTask z groups=bookkeeper\ns -> a -> z\ns -> b -> z"
    )
    instance = play.start(amount=Decimal(0))
    assert values_told(play, "amount") == [0, 1, 2]
    assert play.variables(instance)["amount"] == 2
