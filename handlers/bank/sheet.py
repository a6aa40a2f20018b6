"""One row of a statement by its profile: what it holds, or why it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from engine.errors import InvalidInput
from handlers.bank.layout import Header, RawRow
from handlers.bank.profiles import Form, Profile, Way, bare
from handlers.bank.values import BankLine
from handlers.money import read_amount

_NAME_AND_ACCOUNT = re.compile(r"(.*?)\s*([0-9*]{6,})")


@dataclass(frozen=True, slots=True)
class Sheet:
    """Reads the rows of one file by its profile and header; InvalidInput texts are the reasons shown."""

    profile: Profile
    header: Header

    def ignored(self, row: RawRow) -> str:
        """Say why the row is left out on purpose, if it is."""
        first = bare(row.cells[0]) if row.cells else ""
        if not row.problem and any(first.startswith(word) for word in self.profile.totals):
            return "合计行"
        for rule in self.profile.ignore:
            if self._named(row, rule.column) == rule.equals:
                return rule.reason
        return ""

    def line(self, row: RawRow) -> BankLine:
        """Read one movement."""
        if row.problem:
            raise InvalidInput(row.problem)
        if any(cell.strip() for cell in row.cells[self.header.width :]):
            count, width = len(row.cells), self.header.width
            raise InvalidInput(f"有{count}列，表头只有{width}列（金额未加引号？）")
        on, at = self._moment(row)
        way, amount = _AMOUNTS[self.profile.form](self, row)
        name, account = self._counterparty(row)
        return BankLine(
            row=row.number,
            on=on,
            at=at,
            way=self._way(row, way),
            amount=amount,
            balance=self._balance(row),
            counterparty=name,
            counterparty_account=account,
            summary=" ".join(filter(None, (self._clean(row, place) for place in self._places("summary")))),
            reference=self.cell(row, "reference"),
            status=self.cell(row, "status"),
            channel=self.cell(row, "channel"),
            currency=self.cell(row, "currency"),
        )

    def cell(self, row: RawRow, field: str) -> str:
        """Give the cell of a field, empty when the layout or the row has none."""
        places = self._places(field)
        return self._clean(row, places[0]) if places else ""

    def word(self, row: RawRow, field: str) -> str:
        """Give the cell of a field as it stands, without blanks, even when the layout calls it empty."""
        place = self._places(field)[0]
        return bare(row.cells[place]) if place < len(row.cells) else ""

    def _places(self, field: str) -> tuple[int, ...]:
        return self.header.places.get(field, ())

    def _clean(self, row: RawRow, place: int) -> str:
        text = row.cells[place].strip() if place < len(row.cells) else ""
        return "" if text in self.profile.blank else text

    def _named(self, row: RawRow, column: str) -> str:
        place = self.header.names.get(column)
        return bare(row.cells[place]) if place is not None and place < len(row.cells) else ""

    def _moment(self, row: RawRow) -> tuple[date, time | None]:
        day = self.cell(row, "date")
        if not day:
            raise InvalidInput("没有日期")
        for pattern in self.profile.dates:
            if (found := _strptime(day, pattern)) is not None:
                return found.date(), found.time() if "%H" in pattern else self._time(row)
        raise InvalidInput(f"日期“{day}”无法识别")

    def _time(self, row: RawRow) -> time | None:
        text = self.cell(row, "time")
        found = (_strptime(text, pattern) for pattern in self.profile.times)
        return next((moment.time() for moment in found if moment is not None), None)

    def _way(self, row: RawRow, way: Way) -> Way:
        for rule in self.profile.directions:
            if rule.direction and self._named(row, rule.column) == rule.equals:
                return rule.direction
        return way

    def _balance(self, row: RawRow) -> Decimal | None:
        try:
            return read_amount(self.cell(row, "balance"))
        except InvalidInput:
            return None

    def _counterparty(self, row: RawRow) -> tuple[str, str]:
        name, account = self.cell(row, "counterparty"), self.cell(row, "counterparty_account")
        match = _NAME_AND_ACCOUNT.fullmatch(name) if self.profile.counterparty_with_account else None
        return (match[1], match[2]) if match else (name, account)

    def amount_of(self, row: RawRow, field: str) -> Decimal:
        """Read an amount or say which text is none."""
        text = self.cell(row, field)
        if not text:
            raise InvalidInput("没有金额")
        try:
            return read_amount(text)
        except InvalidInput:
            raise InvalidInput(f"金额“{text}”无法识别") from None


def _signed(sheet: Sheet, row: RawRow) -> tuple[Way, Decimal]:
    amount = sheet.amount_of(row, "amount")
    return ("out" if amount < 0 else "in"), abs(amount)


def _two_columns(sheet: Sheet, row: RawRow) -> tuple[Way, Decimal]:
    sides: tuple[tuple[Way, str], ...] = (("in", "income"), ("out", "expense"))
    # A side may hold 0.00 beside the real one; only two real amounts contradict each other.
    found = [(way, sheet.amount_of(row, field)) for way, field in sides if sheet.cell(row, field)]
    real = [side for side in found if side[1]] or found[:1]
    if len(real) > 1:
        raise InvalidInput("收入和支出两列都有金额")
    if not real:
        raise InvalidInput("没有金额")
    way, amount = real[0]
    if amount < 0:
        # A negative entry on one side is a reversal: money goes the other way.
        return ("out" if way == "in" else "in"), -amount
    return way, amount


def _worded(sheet: Sheet, row: RawRow) -> tuple[Way, Decimal]:
    amount = sheet.amount_of(row, "amount")
    word = sheet.word(row, "direction")
    if word not in sheet.profile.words:
        raise InvalidInput(f"收支方向“{word}”无法识别")
    if amount < 0:
        raise InvalidInput(f"金额“{amount}”为负数，而方向另有一列")
    return sheet.profile.words[word], amount


_AMOUNTS: Mapping[Form, Callable[[Sheet, RawRow], tuple[Way, Decimal]]] = {
    "signed": _signed,
    "two_columns": _two_columns,
    "worded": _worded,
}


def _strptime(text: str, pattern: str) -> datetime | None:
    try:
        # The file's wall-clock time is kept as it stands; no zone is known to it.
        return datetime.strptime(text, pattern)  # noqa: DTZ007
    except ValueError:
        return None
