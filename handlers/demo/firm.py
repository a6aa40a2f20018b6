"""The demo firm as rows: staff with a password that everybody knows, teams, clients with their contacts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import UUID

import yaml
from sqlalchemy import update

from engine.commands import clients, people
from engine.people import ROLES
from store.tables import BankAccount, Person
from store.unit_of_work import UnitOfWork

PASSWORD = "zhangfang-demo"  # noqa: S105 - shown on the sign-in page of a demo installation, and only there


@cache
def described() -> Mapping[str, Any]:
    """Return firm.yaml: teams, staff, clients, owners of the sample bank exports."""
    found: Mapping[str, Any] = yaml.safe_load(files(__package__).joinpath("firm.yaml").read_text("utf-8"))
    return found


def load(uow: UnitOfWork) -> int:
    """Write the whole demo firm into an installation that has its roles; return the number of clients."""
    teams = load_staff(uow)
    for client in described()["clients"]:
        _client(uow, client, teams)
    return len(described()["clients"])


def load_staff(uow: UnitOfWork) -> dict[str, UUID]:
    """Write the demo firm's staff and teams, without clients; return the teams' ids by name."""
    for one in described()["staff"]:
        new_id = people.create(
            uow,
            one["login"],
            one["name"],
            by=None,
            password=PASSWORD,
            roles=one["roles"],
            email=f"{one['login']}@zhangfang.example.com",
        )
        uow.session.execute(update(Person).where(Person.id == new_id).values(name_en=one["name_en"]))
    return {
        team: people.create_team(
            uow, team, [one["login"] for one in described()["staff"] if team in one["teams"]], by=None
        )
        for team in described()["teams"]
    }


def accounts() -> list[tuple[str, str, str, str]]:
    """Return the accounts of the demo firm: login, name, roles in words, password."""
    return [
        (one["login"], one["name"], "、".join(ROLES[role][0] for role in one["roles"]), PASSWORD)
        for one in described()["staff"]
    ]


def _client(uow: UnitOfWork, given: Mapping[str, Any], teams: Mapping[str, UUID]) -> None:
    made = clients.create(
        uow,
        given["name"],
        by=None,
        code=given["code"],
        contact=given["contacts"][0],
        short_name=given["short_name"],
        credit_code=given["credit_code"],
        klass=given["class"],
        taxpayer_type=given["taxpayer_type"],
        status=given["status"],
        team_id=teams[given["team"]],
        profile=given["profile"],
        notes=given["notes"],
    )
    for contact in given["contacts"][1:]:
        clients.add_contact(uow, made.id, contact, by=None)
    if given["staff"]:
        clients.assign_staff(uow, made.id, given["staff"], by=None)
    for account in described()["bank_exports"].values():
        if account["client"] == given["code"]:
            row = {name: account[name] for name in ("name", "profile", "ledger")}
            uow.session.add(BankAccount(id=uow.new_id(), client_id=made.id, **row))
