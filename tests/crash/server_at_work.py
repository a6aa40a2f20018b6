"""The real server, killed again and again: pages and scheduler of one process, as ``zhangfang serve`` runs them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from engine.commands import clients, deployments, people
from store import schema
from tests.crash.firm_at_work import CHILD, DATABASE, PROCESS, open_store
from tests.engine.bpmn.drawing import bpmn
from webui.cli_server import run_server
from webui.settings import read_settings

LOGIN, PASSWORD, CLIENT = "bao", "a password of the test", "0001"
ASKING = PROCESS.replace("startEvent begin message=order", "startEvent begin\nuserTask ask groups=bookkeeper")
ASKING = ASKING.replace("begin -> one", "begin -> ask -> one")


def set_up(folder: Path) -> None:
    """Create the database with one person, one client and the process."""
    store = open_store(folder)
    schema.upgrade(store.engine)
    store.run(people.setup_firm)
    roles = ("bookkeeper", "manager")
    store.run(people.create, LOGIN, "Bao", by=None, password=PASSWORD, roles=roles)
    store.run(clients.create, "晨光贸易有限公司", code=CLIENT, by=None)
    files = {"p/p.bpmn": bpmn(ASKING), "child/child.bpmn": bpmn(CHILD, "child")}
    store.run(deployments.deploy, files, by=None)
    store.dispose()


def serve(folder: Path, port: int) -> None:
    """Serve until killed."""
    sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - it lives as long as the process
    told = {
        "ZHANGFANG_DATA_FOLDER": str(folder),
        "ZHANGFANG_DATABASE_URL": f"sqlite:///{folder / DATABASE}",
        "ZHANGFANG_SECRET_KEY": "of the test",
        "ZHANGFANG_PORT": str(port),
    }
    run_server(open_store(folder), read_settings(told))
