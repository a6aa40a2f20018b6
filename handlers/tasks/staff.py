"""Service tasks about who serves a client."""

from __future__ import annotations

from sqlalchemy import func, select

from engine.commands import clients
from engine.errors import NotFound
from engine.service_tasks import BusinessError, Call, Handlers, Result
from handlers.tasks.client_context import client_context
from handlers.tasks.reading import word
from handlers.tasks.subjects import client_of, person_by_login, staff_logins
from store.tables import Client, ClientStaff, Person, PersonRole
from store.unit_of_work import UnitOfWork

handlers = Handlers()

PORTFOLIO = ("bookkeeper", "tax_clerk", "reviewer", "client_manager", "field_clerk", "cashier")


@handlers.service_task(
    "clients.propose_staff", effect="database", title="推荐服务人员", title_en="Propose the client's staff"
)
def propose_staff(call: Call, uow: UnitOfWork) -> Result:
    """Propose who serves the client: the least loaded of each role, reviewer and bookkeeper apart.

    Returns `staff_options`, one flat list per role (`bookkeeper_options` …) and `staff_<role>` logins.
    """
    del call
    options = {role: _by_load(uow, role) for role in PORTFOLIO}
    chosen = {role: people[0]["value"] if people else None for role, people in options.items()}
    apart = [each["value"] for each in options["reviewer"] if each["value"] != chosen["bookkeeper"]]
    chosen["reviewer"] = apart[0] if apart else None
    return {
        "staff_options": options,
        **{f"{role}_options": people for role, people in options.items()},
        **{f"staff_{role}": login for role, login in chosen.items()},
    }


@handlers.service_task(
    "clients.assign_staff",
    effect="database",
    title="指派服务人员",
    title_en="Assign the client's staff",
    errors=("clients.same_person",),
)
def assign_staff(call: Call, uow: UnitOfWork) -> Result:
    """Put the chosen people into the client's portfolio and set its class. Returns `client`.

    Raises clients.same_person when reviewer and bookkeeper are one (会计法 第三十五条).
    """
    client = client_of(call, uow)
    chosen = {role: login for role in PORTFOLIO if (login := word(call, f"staff_{role}"))}
    after = {**staff_logins(uow, client.id), **chosen}
    if after.get("reviewer") and after.get("reviewer") == after.get("bookkeeper"):
        raise BusinessError(
            "clients.same_person",
            f"{after['reviewer']} cannot be both bookkeeper and reviewer of {client.name}; choose another.",
        )
    for login in chosen.values():
        if not person_by_login(uow, login).active:
            raise NotFound(f"{login} no longer works here; choose another person for {client.name}.")
    uow.session.flush()
    clients.assign_staff(uow, client.id, chosen, by=None)
    if (klass := word(call, "client_class")) and klass != client.klass:
        clients.update(uow, client.id, {"klass": klass}, by=None, version=client.version)
        uow.session.refresh(client)
    return {"client": client_context(uow, client)}


def _by_load(uow: UnitOfWork, role: str) -> list[dict[str, str]]:
    load = (
        select(ClientStaff.person_id, func.count().label("clients"))
        .join(Client, Client.id == ClientStaff.client_id)
        .where(Client.status == "active", ClientStaff.role_key == role)
        .group_by(ClientStaff.person_id)
        .subquery()
    )
    found = (
        select(Person.name, Person.login)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .outerjoin(load, load.c.person_id == Person.id)
        .where(PersonRole.role_key == role, Person.active)
        .order_by(func.coalesce(load.c.clients, 0), Person.login)
    )
    return [{"label": name, "value": login} for name, login in uow.session.execute(found)]
