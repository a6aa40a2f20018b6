"""Service task that starts another process for the same client."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from engine.commands import instances
from engine.errors import AlreadyRunning
from engine.service_tasks import Call, Handlers, Parameter, Result
from handlers.tasks.reading import header, word
from store.tables import InstanceVariable, Job
from store.unit_of_work import UnitOfWork

handlers = Handlers()

SPECIAL = frozenset({"client", "period", "settings", "business_key", "initiator"})


@handlers.service_task(
    "processes.start",
    effect="database",
    title="发起流程",
    title_en="Start a process",
    parameters=(
        Parameter("process", "流程", "Process", required=True),
        Parameter("element", "开始事件", "Start event"),
    ),
)
def start(call: Call, uow: UnitOfWork) -> Result:
    """Start a process for the same client with this step's inputs as its variables.

    Returns `started_instance` and `started`, which is False when its business key is running already.
    """
    period = word(call, "period") or call.period
    inputs = _inputs(call, uow) - SPECIAL
    variables = {name: value for name, value in call.variables.items() if name in inputs}
    try:
        begun = instances.start(
            uow,
            header(call, "process"),
            variables,
            by=None,
            client=call.client,
            period=period,
            element=header(call, "element") or None,
        )
    except AlreadyRunning:
        return {"started_instance": None, "started": False}
    return {"started_instance": str(begun), "started": True}


def _inputs(call: Call, uow: UnitOfWork) -> frozenset[Any]:
    """Give the names of the step's input mappings: they are the variables of the scope its job stands in."""
    wait = call.key.rpartition(":")[2]
    names = (
        select(InstanceVariable.name)
        .join(Job, (Job.instance_id == InstanceVariable.instance_id) & (Job.scope == InstanceVariable.scope))
        .where(
            Job.instance_id == call.instance, Job.wait == int(wait), Job.topic == call.topic, Job.scope > 0
        )
    )
    return frozenset(uow.session.scalars(names))
