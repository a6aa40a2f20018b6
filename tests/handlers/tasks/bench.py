"""A bench for service tasks: a real store, one client, one running instance, the decisions of processes/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from engine.commands import clients, deployments, instances
from engine.service_tasks import Call
from engine.worker import Outside
from handlers import handlers
from handlers.tasks.intake import received
from store.tables import Client, Document
from store.unit_of_work import Store, UnitOfWork
from tests.engine.bpmn.drawing import bpmn

PROCESSES = Path(__file__).parents[3] / "processes"
SAMPLES = Path(__file__).parents[4] / "shared" / "samples"
STAR, STAR_CODE = "虚构星桥检测技术服务有限公司", "91980105MA9XQ00138"
LANE, LANE_CODE = "虚构里巷日用百货有限公司", "91980105MA9LX0029B"
MONTH = "2026-08"
DRAWING = """
startEvent begin
userTask stand groups=bookkeeper
endEvent over
begin -> stand -> over
"""


@dataclass
class Letters:
    """Takes mail."""

    sent: list[tuple[EmailMessage, str]] = field(default_factory=list)

    def send(self, message: EmailMessage, key: str) -> None:
        self.sent.append((message, key))


@dataclass
class Bench:
    """Calls handlers for one client as the worker would."""

    store: Store
    client: UUID
    instance: UUID
    mail: Letters = field(default_factory=Letters)
    calls: int = 0

    def run(
        self,
        topic: str,
        variables: Mapping[str, Any] | None = None,
        *,
        period: str | None = MONTH,
        key: str = "",
        **headers: str,
    ) -> dict[str, Any]:
        """Run one handler; equal keys make it a repeat of the same call."""
        self.calls += 1
        call = Call(
            key=key or f"{self.instance}:{self.calls}",
            topic=topic,
            instance=self.instance,
            process="p",
            element="step",
            now=self.store.clock.now(),
            client=self.client,
            period=period,
            headers=headers,
            variables={"period": period, **(variables or {})},
        )
        handler = handlers[topic]
        if handler.effect == "outside":
            return dict(handler.answer(call, Outside(self.store, self.mail)))

        def act(uow: UnitOfWork, /) -> dict[str, Any]:
            return dict(handler.answer(call, uow))

        return self.store.run(act)

    def file(self, body: bytes, filename: str, kind: str = "", period: str = MONTH) -> UUID:
        """Hand in a file for the client."""

        def keep(uow: UnitOfWork, /) -> UUID:
            return received(uow, body, filename, client=self.client, period=period, kind=kind)[1].id

        return self.store.run(keep)

    def sample(self, name: str, kind: str = "") -> UUID:
        """Hand in a file of the shared samples."""
        return self.file((SAMPLES / name).read_bytes(), name, kind)

    def profile(self, **values: Any) -> None:
        """Add to the client's profile."""

        def change(uow: UnitOfWork, /) -> None:
            row = uow.session.get_one(Client, self.client)
            values_ = {"profile": {**row.profile, **values}}
            clients.update(uow, self.client, values_, by=None, version=row.version)

        self.store.run(change)

    def rows(self, table: Any, *where: Any) -> list[Any]:
        """Read mapped rows."""

        def read(uow: UnitOfWork, /) -> list[Any]:
            found = list(uow.session.scalars(select(table).where(*where)))
            uow.session.expunge_all()
            return found

        return self.store.run(read)

    def change(self, act: Callable[[UnitOfWork], Any]) -> Any:
        """Do something in a transaction."""
        return self.store.run(act)

    def body_of(self, document: UUID) -> bytes:
        """Give the bytes of a document."""
        row = self.rows(Document, Document.id == document)[0]
        return self.store.documents.get(row.digest)


def client_values(name: str, code: str, taxpayer_type: str) -> dict[str, Any]:
    """Give what a client of a test is."""
    return {
        "name": name,
        "credit_code": code,
        "taxpayer_type": taxpayer_type,
        "status": "active",
        "profile": {"staff_count": 3},
    }


def set_up(store: Store, client: UUID, values: Mapping[str, Any]) -> Bench:
    """Deploy what a bench needs and start an instance for the client."""

    def prepare(uow: UnitOfWork, /) -> UUID:
        clients.update(uow, client, values, by=None, version=1)
        contact = {"name": "白桥", "phone": "13800000001", "email": "bai@example.com"}
        clients.add_contact(uow, client, contact, main=True, by=None)
        rules = (PROCESSES / "firm_policy" / "voucher_rules.dmn").read_bytes()
        files = {"p/p.bpmn": bpmn(DRAWING, "p"), "firm_policy/voucher_rules.dmn": rules}
        deployments.deploy(uow, files, by=None)
        return instances.start(uow, "p", by=None, client=client, period=MONTH)

    return Bench(store, client, store.run(prepare))
