"""The demo firm as rows: staff with a password that everybody knows, teams, clients with their contacts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from engine.commands import people
from engine.people import ROLES
from store.unit_of_work import UnitOfWork

PASSWORD = "zhangfang-demo"  # noqa: S105 - shown on the sign-in page of a demo installation, and only there


@cache
def described() -> Mapping[str, Any]:
    """Return firm.yaml: teams, staff, clients, owners of the sample bank exports."""
    found: Mapping[str, Any] = yaml.safe_load(files(__package__).joinpath("firm.yaml").read_text("utf-8"))
    return found


def load(uow: UnitOfWork) -> int:
    """Write the whole demo firm into an installation that has its roles; return the number of clients."""
    load_staff(uow)
    for client in described()["clients"]:
        _client(uow, client)
    return len(described()["clients"])


def load_staff(uow: UnitOfWork) -> None:
    """Write the demo firm's staff and teams, without clients."""
    for one in described()["staff"]:
        people.create(
            uow,
            one["login"],
            one["name"],
            by=None,
            password=PASSWORD,
            roles=one["roles"],
            email=f"{one['login']}@zhangfang.example.com",
        )
    for team in described()["teams"]:
        members = [one["login"] for one in described()["staff"] if team in one["teams"]]
        people.create_team(uow, team, members, by=None)


def accounts() -> list[tuple[str, str, str, str]]:
    """Return the accounts of the demo firm: login, name, roles in words, password."""
    return [
        (one["login"], one["name"], "、".join(ROLES[role][0] for role in one["roles"]), PASSWORD)
        for one in described()["staff"]
    ]
