"""The demo from the first enquiry to the delivery of the third month, on a clock that runs fast."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from engine.commands import instances, people
from engine.errors import InvalidInput
from engine.worker import Worker
from handlers.demo import figures, firm, opening
from handlers.demo.acting import A_STEP, Cast
from handlers.demo.inputs import inputs_of
from handlers.demo.mailbox import Mailbox
from handlers.demo.names import Names, names
from store.clock import TestClock
from store.tables import Client, Definition, HistoryEvent, Instance, Job
from store.unit_of_work import Store

ZONE = ZoneInfo("Asia/Shanghai")
BEGIN = datetime(2026, 7, 1, 9, tzinfo=ZONE)
END = datetime(2026, 10, 31, 18, tzinfo=ZONE)
OPENS, CLOSES = 9, 18
MOST_STEPS = 5_000
MACHINE = {
    "job.completed": ("完成", "done:"),
    "error.thrown": ("抛出错误", "error:"),
    "incident.opened": ("出现异常事件", "incident:"),
    "instance.started": ("流程开始：", "begins:"),
    "instance.completed": ("流程结束：", "ends:"),
}
"""What is told of the machine's own doings: kind of history → words (中文, English)."""

Tell = Callable[[datetime, str, str, str], None]
Say = Callable[[str, str], str]


def drive(
    store: Store, clock: TestClock, folder: Path, *, inputs: Path | None, tell: Tell, say: Say
) -> figures.Result:
    """Load the firm's staff, let both clients ask, and work until the end of October; ``tell(when, who, what, about)`` each step.

    ``store`` has its roles, settings and processes and runs on ``clock``, which stands at ``BEGIN``; letters go to ``folder``;
    ``say(zh, en)`` chooses the language.
    """
    mailbox = Mailbox(folder / "outbox")
    worker = Worker(store, mail=mailbox)
    script = opening.script()
    owners = {case["credit_code"]: case["code"] for case in script["cases"]}
    store.run(firm.load_staff)
    known = store.read(names, say)
    cast = Cast(store, mailbox, script, tell, say, inputs_of(inputs, owners), names=known)
    _ask(cast, known)
    _Machine(store, clock, worker, tell, known).work(cast)
    return replace(store.read(figures.result, store.documents.path), names=known)


def _ask(cast: Cast, named: Names) -> None:
    seller = cast.store.run(people.by_login, "guo.bin")
    for case in cast.script["cases"]:
        root = cast.store.run(instances.start, "client_intake", {}, by=seller)
        cast.cases[root] = case
        cast.tell(
            cast.store.clock.now(),
            f"{named('顾问')} {named(seller.name)}",
            cast.say("收到咨询", "an enquiry comes in"),
            case["client"],
        )


@dataclass(slots=True)
class _Machine:
    store: Store
    clock: TestClock
    worker: Worker
    tell: Tell
    names: Names
    seen: int = 0

    def work(self, cast: Cast) -> None:
        """Run what is due, let people do what waits, then move the clock to the next thing; stop at the end of October."""
        store, clock = self.store, self.clock
        for _ in range(MOST_STEPS):
            self.worker.run_due()
            self._tell_machine()
            if cast.do_next():
                self._pass_time()
                continue
            due = store.read(_next_due)
            if due is None or due > END:
                clock.set(END)
                return
            clock.set(max(due, clock.now()))
        raise InvalidInput(f"The demo is not over after {MOST_STEPS} steps; some process runs in circles.")

    def _pass_time(self) -> None:
        """Let a step take its time; in the evening everybody goes home until the next morning."""
        self.clock.advance(A_STEP)
        now = self.clock.now().astimezone(ZONE)
        if now.hour >= CLOSES:
            self.clock.set((now + timedelta(days=1)).replace(hour=OPENS, minute=0))

    def _tell_machine(self) -> None:
        for event in self.store.read(_since, self.seen):
            self.seen = event.id
            if event.kind in MACHINE:
                say = self.names.say
                what = f"{say(*MACHINE[event.kind])} {self._named(event)}"
                about = event.business_key or " ".join(filter(None, (event.client, event.period)))
                self.tell(event.at, say("系统", "system"), what, about)

    def _named(self, event: Any) -> str:
        handlers = self.store.surroundings.handlers
        if event.name not in handlers:
            return self.names(str(event.definition or event.name))
        return f"{self.names.say(handlers[event.name].title, handlers[event.name].title_en)} ({event.name})"


def _next_due(connection: Connection) -> datetime | None:
    return connection.scalar(select(func.min(Job.due_at)).where(Job.held.is_(False)))


def _since(connection: Connection, seen: int) -> list[Any]:
    query = (
        select(
            HistoryEvent.id,
            HistoryEvent.at,
            HistoryEvent.kind,
            HistoryEvent.name,
            Definition.name.label("definition"),
            Instance.business_key,
            Instance.period,
            Client.name.label("client"),
        )
        .outerjoin(Instance, Instance.id == HistoryEvent.instance_id)
        .outerjoin(Definition, Definition.id == Instance.definition_id)
        .outerjoin(Client, Client.id == Instance.client_id)
        .where(HistoryEvent.id > seen)
    )
    return list(connection.execute(query.order_by(HistoryEvent.id)))
