"""A play: deploy a drawing, start it, do its work items, look at what is in the database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.commands import deployments, instances, work_items
from engine.commands._running import variable_value
from engine.people import Person
from store.tables import HistoryEvent, Incident, Instance, InstanceVariable, Job, WorkItem
from store.unit_of_work import Store
from tests.conftest import Firm
from tests.engine.bpmn.drawing import bpmn


class Play:
    """Drives a store by its commands."""

    def __init__(self, store: Store, firm: Firm) -> None:
        self.store, self.firm = store, firm

    def deploy(self, drawing: str, process: str = "p", **files: str) -> None:
        found: dict[str, bytes] = {f"{process}/{process}.bpmn": bpmn(drawing, process)}
        for form, schema in files.items():
            found[f"{process}/forms/{form}.form"] = schema.encode()
        self.store.run(deployments.deploy, found, by=None)

    def start(self, process: str = "p", /, by: Person | None = None, **variables: Any) -> UUID:
        return self.store.run(instances.start, process, variables, by=by)

    def complete(
        self, element: str, answers: Mapping[str, Any] | None = None, *, by: Person | None = None
    ) -> tuple[UUID, ...]:
        return self.store.run(work_items.complete, self.item(element), answers or {}, by=by)

    def item(self, element: str) -> UUID:
        return self.open_items()[element]

    def open_items(self) -> dict[str, UUID]:
        query = select(WorkItem.element, WorkItem.id).where(WorkItem.state == "open")
        return dict(self.rows(query))

    def state(self, instance: UUID) -> str:
        return str(self.rows(select(Instance.state).where(Instance.id == instance))[0][0])

    def states(self, process: str) -> list[str]:
        query = select(Instance.state).where(Instance.process == process).order_by(Instance.id)
        return [row[0] for row in self.rows(query)]

    def variables(self, instance: UUID) -> dict[str, Any]:
        query = select(InstanceVariable.name, InstanceVariable.value).where(
            InstanceVariable.instance_id == instance, InstanceVariable.scope == 0
        )
        return {name: variable_value(value) for name, value in self.rows(query)}

    def facts(self, instance: UUID) -> list[str]:
        query = select(HistoryEvent.kind).where(HistoryEvent.instance_id == instance)
        return [row[0] for row in self.rows(query.order_by(HistoryEvent.id))]

    def jobs(self) -> list[Any]:
        return self.rows(select(Job.__table__).order_by(Job.due_at, Job.id))

    def incidents(self) -> list[Any]:
        return self.rows(select(Incident.__table__).where(Incident.resolved_at.is_(None)))

    def rows(self, query: Any) -> list[Any]:
        return self.store.read(lambda connection: list(connection.execute(query)))


def form(name: str, *fields: Mapping[str, Any]) -> str:
    """Return a form-js schema."""
    components = [{"id": f"Field_{number}", **field} for number, field in enumerate(fields)]
    return json.dumps({"type": "default", "id": name, "schemaVersion": 18, "components": components})
