"""The demo's people at work: one open item at a time, by the same commands that the pages use."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select

from engine import feel, forms
from engine.commands import documents, people, portal, work_items
from engine.errors import NotAllowed, NotFound
from engine.feel import Environment
from engine.people import CLIENT_CONTACT
from handlers.demo.filling import fill
from handlers.demo.inputs import Inputs
from handlers.demo.mailbox import Mailbox
from handlers.demo.names import Names
from store.queries import definitions, portal_pages
from store.tables import IS_OPEN, Candidate, ClientContact, ClientStaff, Instance, PersonRole, WorkItem
from store.tables import Person as PersonRow
from store.unit_of_work import Store

A_STEP = timedelta(minutes=6)
UPLOADS = "monthly_collection.upload_documents"


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An open work item with who may take it."""

    id: UUID
    name: str
    element: str
    process: str
    lane: str | None
    form_key: str | None
    form_digest: str | None
    client_id: UUID | None
    period: str | None
    root_id: UUID
    assignee: str | None


@dataclass(slots=True)
class Cast:
    """Everybody who acts in the demo. ``cases`` by root instance or client, ``inputs`` by (case code, period).

    ``only``: nothing is done for other clients.
    """

    store: Store
    mailbox: Mailbox
    script: Mapping[str, Any]
    tell: Callable[[datetime, str, str, str], None]
    say: Callable[[str, str], str]
    inputs: Inputs = field(default_factory=dict)
    cases: dict[UUID, Mapping[str, Any]] = field(default_factory=dict)
    names: Names | None = None
    only: UUID | None = None
    serial: int = 0
    read_forms: dict[str, forms.Form] = field(default_factory=dict)

    def do_next(self) -> bool:
        """Let somebody complete the oldest open item; False when nobody has anything to do."""
        item = self.store.read(_oldest, self.only)
        if item is None:
            return False
        self._take_over_case(item)
        variables = self.store.run(work_items.visible_variables, item.id)
        if item.form_key == UPLOADS and item.period is not None:
            self._upload(item)
        answers = self._answers(item, variables)
        who = self._client_does(item, answers) or self._staff_does(item, answers)
        self.tell(self.store.clock.now(), who, self._named(item.name) + _reason(variables), self._about(item))
        return True

    def _named(self, text: str) -> str:
        return text if self.names is None else self.names(text)

    def _take_over_case(self, item: OpenItem) -> None:
        """Remember which case a client belongs to once its enquiry has made it a client."""
        if item.client_id is None:
            return
        if item.root_id in self.cases:
            self.cases.setdefault(item.client_id, self.cases[item.root_id])
        elif item.client_id in self.cases:
            self.cases[item.root_id] = self.cases[item.client_id]

    def _answers(self, item: OpenItem, variables: Mapping[str, Any]) -> dict[str, Any]:
        if item.form_key is None or item.form_digest is None:
            return {}
        now = self.store.clock.now()
        env = Environment(now=now, zone=self.store.zone, functions=self.store.surroundings.functions)
        self.serial += 1
        seen = {
            **variables,
            "case": feel.native(self.cases.get(item.root_id, {})),
            "today": now.astimezone(self.store.zone).date(),
            "serial": feel.native(1000 + self.serial),
        }
        script = _evaluated(self.script["answers"].get(item.form_key, {}), seen, env)
        return fill(self._form(item.form_digest), variables, script, env)

    def _form(self, digest: str) -> forms.Form:
        if digest not in self.read_forms:
            self.read_forms[digest] = forms.parse(self.store.read(definitions.body, digest) or b"")
        return self.read_forms[digest]

    def _client_does(self, item: OpenItem, answers: Mapping[str, Any]) -> str | None:
        """Complete the item through the newest link that the client was sent; None when there is none for it."""
        if CLIENT_CONTACT not in self.store.read(_roles, item.id) or item.client_id is None:
            return None
        name, address = self.store.read(_contact, item.client_id)
        for token in reversed(self.mailbox.links[address]):
            try:
                link = self.store.run(portal.open_link, token)
            except NotFound:
                continue
            if self.store.read(portal_pages.step, link.client_id, item.id) is None:
                continue
            self.store.run(work_items.complete, item.id, answers, by=None)
            return f"{self.say('客户', 'client')} {name}"
        return None

    def _staff_does(self, item: OpenItem, answers: Mapping[str, Any]) -> str:
        refused = ""
        for login in self.store.read(_candidates, item):
            person = self.store.run(people.by_login, login)
            try:
                self.store.run(work_items.claim, item.id, by=person)
                self.store.run(work_items.complete, item.id, answers, by=person)
            except NotAllowed as error:
                refused = str(error)
                continue
            return f"{self._named(item.lane or '')} {self._named(person.name)}".strip()
        raise NotAllowed(f"Nobody of the demo firm may do «{item.name}» of {item.process}. {refused}")

    def _upload(self, item: OpenItem) -> None:
        case = self.cases.get(item.root_id, {})
        for given in self.inputs.get((str(case.get("code")), str(item.period)), ()):
            self.store.run(
                documents.add,
                given.body,
                given.name,
                mimetypes.guess_type(given.name)[0] or "application/octet-stream",
                client=item.client_id,
                period=item.period,
                kind="upload",
                by=None,
                from_portal=True,
            )
            moved = (
                self.say("（日期移到 2026 年 8 月）", " (dates moved to August 2026)") if given.moved else ""
            )
            what = f"{self.say('上传', 'uploads')} {given.name}{moved}"
            self.tell(self.store.clock.now(), self.say("客户", "client"), what, self._about(item))

    def _about(self, item: OpenItem) -> str:
        case = self.cases.get(item.root_id, {})
        return " ".join(filter(None, (str(case.get("client", "")), item.period)))


def _reason(variables: Mapping[str, Any]) -> str:
    """Give what an exception is about and why, to be told with the step that handles it."""
    exception = variables.get("exception")
    return f"（{exception['subject']}：{exception['reason']}）" if isinstance(exception, Mapping) else ""


def _evaluated(given: Any, seen: Mapping[str, Any], env: Environment) -> Any:
    """Return a script's answers with its FEEL evaluated, as a browser would send them."""
    if isinstance(given, Mapping):
        return {name: _evaluated(value, seen, env) for name, value in given.items()}
    if isinstance(given, list):
        return [_evaluated(value, seen, env) for value in given]
    if isinstance(given, str) and given.startswith("="):
        return feel.to_json(feel.compile(given[1:], names=frozenset(seen)).evaluate(seen, env))
    return given


def _oldest(connection: Connection, only: UUID | None) -> OpenItem | None:
    query = (
        select(
            WorkItem.id, WorkItem.name, WorkItem.element, WorkItem.process, WorkItem.lane, WorkItem.form_key,
            WorkItem.form_digest, WorkItem.client_id, WorkItem.period, Instance.root_id, PersonRow.login,
        )
        .join(Instance, Instance.id == WorkItem.instance_id)
        .outerjoin(PersonRow, PersonRow.id == WorkItem.assignee_id)
        .where(IS_OPEN, Instance.state == "running")
    )  # fmt: skip
    if only is not None:
        query = query.where(WorkItem.client_id == only)
    row = connection.execute(query.order_by(WorkItem.opened_at, WorkItem.id).limit(1)).one_or_none()
    return None if row is None else OpenItem(*row)


def _roles(connection: Connection, item_id: UUID) -> list[str]:
    query = select(Candidate.name).where(Candidate.work_item_id == item_id, Candidate.kind == "role")
    return list(connection.scalars(query.order_by(Candidate.name)))


def _candidates(connection: Connection, item: OpenItem) -> Iterator[str]:
    """Return the logins of who may do an item: its holder, else the client's own staff, else anybody with a role."""
    if item.assignee is not None:
        return iter([item.assignee])
    holders = (
        select(PersonRow.login)
        .join(PersonRole, PersonRole.person_id == PersonRow.id)
        .where(PersonRole.role_key.in_(_roles(connection, item.id)))
    )
    own = select(ClientStaff.person_id).where(ClientStaff.client_id == item.client_id)
    rows = connection.execute(
        holders.add_columns(PersonRow.id.in_(own).label("own")).order_by(PersonRow.login).distinct()
    ).all()
    return iter([row.login for row in sorted(rows, key=lambda row: not row.own)])


def _contact(connection: Connection, client_id: UUID) -> tuple[str, str]:
    query = select(ClientContact.name, ClientContact.email).where(ClientContact.client_id == client_id)
    row = connection.execute(query.order_by(ClientContact.main.desc(), ClientContact.id).limit(1)).one()
    return row.name, row.email
