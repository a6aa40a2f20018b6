"""The demo firm as it is found at the first start: last month's work of every client begun, some of it far along."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import Connection, select

from engine.commands import instances, people
from engine.worker import Worker
from handlers.demo import firm
from handlers.demo.acting import Cast
from handlers.demo.mailbox import Mailbox
from store.tables import Client
from store.unit_of_work import Store, UnitOfWork

PROGRESS: Mapping[str, int] = {"C001": 18, "C002": 11, "C003": 8, "C004": 5, "C005": 3, "C006": 1}
"""Work items already done of a client's month; the other clients have only been asked for their papers."""

ENQUIRIES = (("虚构海棠花艺店", "small_scale"), ("虚构远岭机械有限公司", "general"))


def script() -> Mapping[str, Any]:
    """Return script.yaml: the cases of the demo and what its people answer."""
    found: Mapping[str, Any] = yaml.safe_load(files(__package__).joinpath("script.yaml").read_text("utf-8"))
    return found


def open_firm(store: Store, folder: Path) -> int:
    """Load the firm, begin last month for its active clients and two enquiries, and do some of the work.

    Letters to clients go to ``folder``. Returns the number of clients.
    """
    count = store.run(firm.load)
    mailbox = Mailbox(folder)
    worker = Worker(store, mail=mailbox)
    active = store.read(_active)
    store.run(_begin, list(active.values()), _last_month(store))
    worker.run_due()
    cast = Cast(store, mailbox, script(), _silent, lambda zh, _en: zh)
    for code, steps in PROGRESS.items():
        cast.only = active[code]
        for _ in range(steps):
            if not cast.do_next():
                break
            worker.run_due()
    return count


def _begin(uow: UnitOfWork, clients: list[UUID], period: str) -> None:
    manager = people.by_login(uow, "zhou.min")
    for client in clients:
        instances.start(uow, "monthly_service", {}, by=manager, client=client, period=period)
    for name, taxpayer_type in ENQUIRIES:
        variables = {"company_name": name, "taxpayer_type": taxpayer_type}
        instances.start(uow, "client_intake", variables, by=people.by_login(uow, "guo.bin"))


def _last_month(store: Store) -> str:
    today = store.clock.now().astimezone(store.zone).date()
    return (today.replace(day=1) - timedelta(days=1)).strftime("%Y-%m")


def _active(connection: Connection) -> dict[str, UUID]:
    rows = connection.execute(
        select(Client.code, Client.id).where(Client.status == "active").order_by(Client.code)
    )
    return {code: client_id for code, client_id in rows}  # noqa: C416 - typed rows


def _silent(at: datetime, who: str, what: str, about: str) -> None:
    del at, who, what, about
