"""The yardstick: SpiffWorkflow as its documentation uses it, each instance one JSON text in one row of SQLite FULL.

As durable as the engine: a commit at every wait (start, person, machine), the state read back before each move.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer import DEFAULT_CONFIG, BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.serializer.default.task_spec import BpmnTaskSpecConverter
from SpiffWorkflow.bpmn.specs.defaults import ServiceTask, UserTask
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

PRAGMAS = ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL")


class PlainSpiff:
    """Runs a process of one user task and one service task on the library alone."""

    def __init__(self, diagram: Path, database: Path) -> None:
        """Read the diagram and open the database."""
        parser = BpmnParser()
        parser.add_bpmn_file(str(diagram))
        self._spec = parser.get_spec("order")
        # The library's own list lacks its service task; this is how its documentation adds a class.
        known = BpmnWorkflowSerializer.configure({**DEFAULT_CONFIG, ServiceTask: BpmnTaskSpecConverter})
        self._serializer = BpmnWorkflowSerializer(known)
        self._connection = sqlite3.connect(database, isolation_level=None)
        for pragma in PRAGMAS:
            self._connection.execute(pragma)
        self._connection.execute("CREATE TABLE instances (id INTEGER PRIMARY KEY, body TEXT NOT NULL)")

    def run(self, amount: int) -> None:
        """Take one instance from its start to its end."""
        workflow = BpmnWorkflow(self._spec)
        workflow.get_next_task().data["amount"] = amount
        workflow.do_engine_steps()
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            identity = self._connection.execute(
                "INSERT INTO instances (body) VALUES (?)", (self._serializer.serialize_json(workflow),)
            ).lastrowid
        self._move(identity, UserTask, {"approved": True})
        self._move(identity, ServiceTask, {"shipped": amount})

    def finished(self) -> int:
        """Count the instances that have ended."""
        rows = self._connection.execute("SELECT body FROM instances")
        return sum(json.loads(body)["completed"] for (body,) in rows)

    def _move(self, identity: Any, spec: type, variables: dict[str, Any]) -> None:
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            (body,) = self._connection.execute(
                "SELECT body FROM instances WHERE id = ?", (identity,)
            ).fetchone()
            workflow = self._serializer.deserialize_json(body)
            waiting = TaskState.READY | TaskState.STARTED
            task = next(
                task for task in workflow.get_tasks(state=waiting) if isinstance(task.task_spec, spec)
            )
            task.data.update(variables)
            (task.complete if task.state == TaskState.STARTED else task.run)()
            workflow.do_engine_steps()
            self._connection.execute(
                "UPDATE instances SET body = ? WHERE id = ?",
                (self._serializer.serialize_json(workflow), identity),
            )
