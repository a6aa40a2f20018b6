"""The hand-over list (移交清册) with its three signers (财会〔2023〕27号; 会计档案管理办法)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from handlers.printing.pdf import Pages
from handlers.tables import Row, rows

_TITLES = {"in": "会计资料移交清册（接收）", "out": "会计资料移交清册（移出）"}


@dataclass(frozen=True, slots=True)
class Signed:
    """Who hands over, who receives, who supervises (监交人), on which day, and what differed."""

    handed_over_by: str
    received_by: str
    supervised_by: str
    on: date
    differences: str

    def repeated(self) -> bool:
        """Tell whether one person signs twice."""
        names = [
            "".join(name.split()) for name in (self.handed_over_by, self.received_by, self.supervised_by)
        ]
        return len(set(names)) < len(names)


def items_of(direction: str) -> tuple[Row, ...]:
    """Give what is handed over when a client comes (in) or goes (out)."""
    return tuple(row for row in rows(__package__ or "", "handover.csv") if row["direction"] == direction)


def as_counted(items: Sequence[Mapping[str, Any]], ticked: Sequence[Any]) -> list[Mapping[str, Any]]:
    """Mark the items whose `value` nobody ticked as missing; all stand as they are when nothing was ticked at all."""
    there = {str(value) for value in ticked}
    missing = {"count": 0, "note": "未移交"}
    return [each if not there or str(each.get("value")) in there else {**each, **missing} for each in items]


def to_pdf(direction: str, client: str, items: Sequence[Mapping[str, Any]], signed: Signed) -> bytes:
    """Print the list with its signers; equal content gives equal bytes."""
    pages = Pages(f"{client} {_TITLES[direction]}")
    pages.heading(_TITLES[direction])
    pages.text(f"单位：{client}　　移交日期：{signed.on}")
    table = [["序号", "名称", "数量", "所属期间", "备注"]]
    table += [
        [str(each.get(name) or "") for name in ("no", "name", "count", "period", "note")] for each in items
    ]
    pages.table(table, (1, 5, 1.2, 2.5, 3), right=(2,))
    pages.text(f"差异说明：{signed.differences or '无'}")
    pages.text(
        f"移交人：{signed.handed_over_by}　　接收人：{signed.received_by}　　监交人：{signed.supervised_by}"
    )
    return pages.render()
