"""The request list of a client: which papers it owes for a month, by its attributes (requests.csv)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from handlers.tables import rows


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a client decides its request list."""

    employs: bool = True
    payroll: bool = False
    inventory: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One line of a request list; `help` says what to send."""

    code: str
    name: str
    name_en: str
    required: bool
    help: str


_WHO: Mapping[str, Callable[[Traits], bool]] = {
    "everyone": lambda _: True,
    "payroll": lambda traits: traits.payroll,
    "inventory": lambda traits: traits.inventory,
    "employer": lambda traits: traits.employs,
}


def request_list(traits: Traits) -> tuple[Request, ...]:
    """Give the papers a client with these traits owes each month."""
    return tuple(
        Request(row["code"], row["name"], row["name_en"], row["required"] == "yes", row["help"])
        for row in rows(__package__ or "", "requests.csv")
        if _WHO[row["who"]](traits)
    )


def request_codes() -> frozenset[str]:
    """Give the codes of all papers that can be asked for."""
    return frozenset(row["code"] for row in rows(__package__ or "", "requests.csv"))
