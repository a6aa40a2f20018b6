"""What is agreed with one client: the values that go into the places of a contract template."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from engine.errors import InvalidInput
from handlers.clients import credit_code
from handlers.money import cents
from handlers.money_words import in_capitals


@dataclass(frozen=True, slots=True)
class ContractParty:
    """One side of the contract; `licence` is the firm's 代理记账许可证书 number."""

    name: str
    code: str
    address: str
    phone: str
    contact: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """What the two sides agreed: scope, term, fee (yuan per `fee_period`, 月 季 or 年), and numbers of days."""

    number: str
    client: ContractParty
    firm: ContractParty
    scope: tuple[str, ...]
    starts: date
    ends: date
    fee: Decimal
    fee_period: str = "月"
    standard: str = "小企业会计准则"
    report_cycle: str = "月"
    court: str = "乙方所在地人民法院"
    liability_cap: str = "造成损失的所属年度服务费总额"
    days: dict[str, int] = field(default_factory=dict)

    def values(self) -> dict[str, str]:
        """Give the value of every place; InvalidInput when the terms cannot be a contract."""
        self._check()
        sides = (("client", self.client), ("firm", self.firm))
        parties = {f"{side}_{name}": getattr(party, name) for side, party in sides for name in _PARTY_FIELDS}
        return {
            **parties,
            **{name: str(number) for name, number in {**_USUAL_DAYS, **self.days}.items()},
            "number": self.number,
            "scope": "；".join(f"（{at}）{item}" for at, item in enumerate(self.scope, start=1)),
            "starts": _in_words(self.starts),
            "ends": _in_words(self.ends),
            "fee": f"{cents(self.fee):,.2f}",
            "fee_capitals": in_capitals(self.fee, unit="元"),
            "fee_period": self.fee_period,
            "standard": f"《{self.standard}》",
            "report_cycle": self.report_cycle,
            "court": self.court,
            "liability_cap": self.liability_cap,
        }

    def _check(self) -> None:
        if self.ends <= self.starts:
            raise InvalidInput(
                f"The contract {self.number} ends on {self.ends}, before it starts on {self.starts}."
            )
        if self.fee <= 0 or not self.scope:
            raise InvalidInput(
                f"The contract {self.number} needs a fee above zero and at least one item of scope."
            )
        for party in (self.client, self.firm):
            credit_code.read(party.code)


_PARTY_FIELDS = ("name", "code", "address", "phone", "contact", "licence")
_USUAL_DAYS = {
    "documents_day": 5,
    "pay_days": 10,
    "report_days": 10,
    "archive_months": 3,
    "overdue_days": 30,
    "handover_days": 15,
}


def _in_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
