"""An application on SpiffWorkflow alone: each instance is one JSON text in one row of SQLite."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer import DEFAULT_CONFIG, BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.default.task_spec import BpmnTaskSpecConverter
from SpiffWorkflow.bpmn.specs.defaults import ServiceTask, UserTask
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

PRAGMAS = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL")


class Plain:
    """The library and one table."""

    def __init__(self, folder: Path, *files: str, process: str) -> None:
        """Read the diagrams, open the database."""
        parser = BpmnParser()
        for number, text in enumerate(files):
            path = folder / f"{number}.bpmn"
            path.write_text(text)
            parser.add_bpmn_file(str(path))
        self._spec, self._parts = parser.get_spec(process), parser.get_subprocess_specs(process)
        # The library's own list lacks its service task; this is how its documentation adds a class.
        known = BpmnWorkflowSerializer.configure({**DEFAULT_CONFIG, ServiceTask: BpmnTaskSpecConverter})
        self._serializer = BpmnWorkflowSerializer(known)
        self._connection = sqlite3.connect(folder / "plain.db", isolation_level=None)
        for pragma in PRAGMAS:
            self._connection.execute(pragma)
        self._connection.execute("CREATE TABLE instances (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")

    def start(self, **variables: Any) -> int:
        """Start an instance, run it to its first waits and keep it."""
        workflow = self.made(**variables)
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            made = self._connection.execute("INSERT INTO instances (body) VALUES (?)", (self.dump(workflow),))
        return int(made.lastrowid or 0)

    def made(self, **variables: Any) -> Any:
        """Return an instance that has run to its first waits."""
        workflow = BpmnWorkflow(self._spec, self._parts)
        workflow.get_next_task().data.update(variables)
        workflow.do_engine_steps()
        return workflow

    def dump(self, workflow: Any) -> str:
        """Return the text of an instance."""
        return str(self._serializer.serialize_json(workflow))

    def load(self, identity: int) -> Any:
        """Return an instance as it was kept."""
        query = "SELECT body FROM instances WHERE id = ?"
        (body,) = self._connection.execute(query, (identity,)).fetchone()
        return self.read(body)

    def read(self, body: str) -> Any:
        """Return the instance that ``dump`` wrote."""
        return self._serializer.deserialize_json(body)

    def save(self, identity: int, workflow: Any) -> None:
        """Keep an instance as it is now."""
        query = "UPDATE instances SET body = ? WHERE id = ?"
        self._connection.execute(query, (self.dump(workflow), identity))

    def changed(self, identity: int, change: Callable[[Any], None]) -> None:
        """Read an instance, change it, keep it: one transaction."""
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            workflow = self.load(identity)
            change(workflow)
            self.save(identity, workflow)

    def kept(self, identity: int, workflow: Any) -> None:
        """Keep an instance that is still in memory: one transaction."""
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            self.save(identity, workflow)

    def finished(self) -> int:
        """Count the instances that have ended."""
        rows = self._connection.execute("SELECT body FROM instances")
        return sum(json.loads(body)["completed"] for (body,) in rows)


def person_and_service(workflow: Any, result: dict[str, Any]) -> None:
    """Do what a person does and the service that follows."""
    asked = workflow.get_next_task(spec_class=UserTask, state=TaskState.READY)
    asked.run()
    workflow.do_engine_steps()
    service(workflow, result)
    workflow.do_engine_steps()


def service(workflow: Any, result: dict[str, Any]) -> None:
    """Do what a machine does: complete the started task with its result."""
    called = workflow.get_next_task(spec_class=ServiceTask, state=TaskState.STARTED)
    called.data.update(result)
    called.complete()
