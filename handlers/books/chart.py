"""The chart of accounts of 小企业会计准则, with the VAT details of the kind of taxpayer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal, cast

from engine.errors import InvalidInput
from handlers.clients.taxpayer import VatKind
from handlers.tables import rows

Side = Literal["借", "贷", "双向"]
FIRST_LEVEL = 4
PROFIT_AND_LOSS = "损益"


class UnknownAccount(InvalidInput):
    """No account has this code in the client's chart."""


@dataclass(frozen=True, slots=True)
class Account:
    """One account: four digits for the first level, two more for each level below."""

    code: str
    name: str
    kind: str
    side: Side
    source: str

    @property
    def parent(self) -> str:
        """The code one level up; empty for a first-level account."""
        return self.code[:-2] if len(self.code) > FIRST_LEVEL else ""


@dataclass(frozen=True, slots=True)
class Chart:
    """The accounts of one book set by code."""

    accounts: Mapping[str, Account]

    def __getitem__(self, code: str) -> Account:
        """Give an account or raise UnknownAccount."""
        if code not in self.accounts:
            raise UnknownAccount(
                f"The chart of accounts has no account {code}; add it or choose another one."
            )
        return self.accounts[code]

    def __contains__(self, code: object) -> bool:
        """Tell whether the chart has the account."""
        return code in self.accounts

    def is_postable(self, code: str) -> bool:
        """Tell whether entries may be made: the account exists and has no accounts below it."""
        return code in self.accounts and not any(account.parent == code for account in self.accounts.values())

    def full_name(self, code: str) -> str:
        """Write an account with its parents: 应交税费—应交增值税—销项税额."""
        account = self[code]
        return f"{self.full_name(account.parent)}—{account.name}" if account.parent else account.name

    def extended(self, added: Iterable[Account]) -> Chart:
        """Give the chart with a client's own accounts; each must sit below an account that is there."""
        accounts = dict(self.accounts)
        for account in sorted(added, key=lambda each: each.code):
            if account.parent not in accounts or not account.code.isdigit():
                raise InvalidInput(
                    f"The account {account.code} sits below no account of the chart; check its code."
                )
            accounts[account.code] = account
        return Chart(MappingProxyType(accounts))


@cache
def chart(vat: VatKind) -> Chart:
    """Give the standard chart: 66 first-level accounts, VAT details by 财会〔2016〕22号."""
    table = (row for row in rows(__package__ or "", "chart.csv") if row["taxpayer"] in ("", vat))
    found = (Account(r["code"], r["name"], r["class"], cast("Side", r["side"]), r["source"]) for r in table)
    return Chart(MappingProxyType({account.code: account for account in found}))
