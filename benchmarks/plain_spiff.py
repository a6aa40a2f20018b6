"""The yardstick: SpiffWorkflow as its documentation uses it, each instance one JSON text in one row of SQLite FULL.

Two commits for an instance: at its start, when it waits for a person, and at its end; what the machine does is done in
between, and is done again when the power fails. The state is read back before the second move.
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
        self._finish(identity, {"approved": True}, {"shipped": amount})

    def finished(self) -> int:
        """Count the instances that have ended."""
        rows = self._connection.execute("SELECT body FROM instances")
        return sum(json.loads(body)["completed"] for (body,) in rows)

    def _finish(self, identity: Any, answers: dict[str, Any], result: dict[str, Any]) -> None:
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            (body,) = self._connection.execute(
                "SELECT body FROM instances WHERE id = ?", (identity,)
            ).fetchone()
            workflow = self._serializer.deserialize_json(body)
            asked = workflow.get_next_task(spec_class=UserTask)
            asked.data.update(answers)
            asked.run()
            workflow.do_engine_steps()
            called = workflow.get_next_task(spec_class=ServiceTask)
            called.data.update(result)
            called.complete()
            workflow.do_engine_steps()
            self._connection.execute(
                "UPDATE instances SET body = ? WHERE id = ?",
                (self._serializer.serialize_json(workflow), identity),
            )
