"""What the demo calls things: in 中文 as the files say, in English by the labels beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree
from sqlalchemy import Connection

from engine.people import ROLES
from handlers.demo.firm import described
from handlers.tables import rows
from store.queries import definitions

Say = Callable[[str, str], str]

STATES: Mapping[str, tuple[str, str]] = {
    "running": ("运行中", "running"),
    "completed": ("已办结", "completed"),
    "terminated": ("已终止", "terminated"),
    "cancelled": ("已取消", "cancelled"),
    "read": ("已读入", "read"),
    "booked": ("已入账", "booked"),
    "exception": ("按异常处理", "handled as an exception"),
    "nothing": ("金额为零，不入账", "zero, nothing to book"),
    "computed": ("已计算", "computed"),
    "confirmed": ("客户已确认", "confirmed"),
    "filed": ("已申报", "filed"),
    "paid": ("已缴款", "paid"),
    "corrected": ("已更正", "corrected"),
    "supplied": ("客户已补正", "supplied by the client"),
    "refused": ("不予入账", "not booked"),
    "written_off": ("已核销", "written off"),
    "open": ("处理中", "being handled"),
}
"""Coded values → (中文, English)."""

_LABEL = "{http://zhangfang.example/schema/1.0}label"
_PROCESS = "{http://zhangfang.example/schema/1.0}process"


@dataclass(frozen=True, slots=True)
class Names:
    """Gives the name of a thing in the language that is spoken; an unknown one stays as it is."""

    say: Say
    known: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def __call__(self, text: str) -> str:
        """Name one thing: by its code or by its 中文."""
        return self.say(*self.known.get(text, (text, text)))


def names(connection: Connection, say: Say) -> Names:
    """Collect the names of the deployed processes with their steps and lanes, of roles, people, taxes and states."""
    known = {**STATES, **{zh: (zh, en) for zh, en, _ in ROLES.values()}}
    known |= {person["name"]: (person["name"], person["name_en"]) for person in described()["staff"]}
    known |= {row["code"]: (row["name"], row["name_en"]) for row in rows("handlers.tax", "obligations.csv")}
    for each in definitions.list_(connection):
        root = etree.fromstring(definitions.body(connection, each.digest) or b"")
        known |= {zh: (zh, en) for zh, en in _labelled(root)}
        title = next(root.iter(_PROCESS))
        known[each.key] = (str(title.get("title")), str(title.get("titleEn")))
    return Names(say, known)


def _labelled(root: etree._Element) -> Iterator[tuple[str, str]]:
    for label in root.iter(_LABEL):
        holder = label.getparent()
        owner = None if holder is None else holder.getparent()
        if owner is not None and owner.get("name") and label.get("en"):
            yield str(owner.get("name")), str(label.get("en"))
