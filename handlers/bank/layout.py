"""From the bytes of a statement file to its rows, and the row that is its header."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from handlers.bank.profiles import Profile, bare
from handlers.unreadable import Unreadable

_LARGEST_FILE = 20 * 1024 * 1024
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOK_MARKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_HEADER_WITHIN = 100


class UnreadableStatement(Unreadable):
    """The file is no statement of this layout; the sentence says why."""


class WrongEncoding(UnreadableStatement):
    """The bytes are not text in an encoding of the profile."""


class WrongHeader(UnreadableStatement):
    """No row has the columns of the profile."""


@dataclass(frozen=True, slots=True)
class RawRow:
    """One line of the file: its number from 1, its cells, or the problem that kept it from being split."""

    number: int
    cells: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands and at which place each field of the profile is."""

    row: int
    width: int
    places: Mapping[str, tuple[int, ...]]
    names: Mapping[str, int]


def decode(content: bytes, encodings: Sequence[str]) -> tuple[str, str]:
    """Give the text and the encoding that fits, in the order tried; WrongEncoding when none does."""
    if len(content) > _LARGEST_FILE:
        raise UnreadableStatement(
            f"The file has {len(content)} bytes; split it below {_LARGEST_FILE}.",
            f"文件有{len(content)}字节，请拆成不超过{_LARGEST_FILE}字节的几份",
        )
    if content.startswith(_WORKBOOK_MARKS):
        raise WrongEncoding(
            "The file is an Excel workbook, not CSV text; save it as CSV and import that.",
            "文件是 Excel 工作簿，请另存为 CSV 再导入",
        )
    marked = ["utf-16"] if content.startswith(_UTF16_MARKS) else []
    for encoding in [*marked, *encodings]:
        name = "utf-8-sig" if encoding == "utf-8" else encoding
        try:
            return content.decode(name), encoding
        except UnicodeDecodeError:
            continue
    raise WrongEncoding(
        f"The file is not text in {' or '.join(encodings)}; export it again from the bank.",
        f"文件不是 {'、'.join(encodings)} 编码的文本，请从银行重新导出",
    )


def split(text: str, delimiter: str = ",") -> Iterator[RawRow]:
    """Go through the lines of a CSV text one by one: a stray quote spoils one line, not the rest."""
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if line.count('"') % 2:
            yield RawRow(number, (line,), "引号不成对")
            continue
        try:
            yield RawRow(number, tuple(next(csv.reader([line], delimiter=delimiter), [])))
        except csv.Error as error:
            yield RawRow(number, (line[:200],), f"无法拆分：{error}")


def find_header(rows: Iterable[RawRow], profile: Profile) -> Header | None:
    """Find the first row among the first hundred that has a column for every required field."""
    for row in rows:
        if row.number > _HEADER_WITHIN:
            return None
        names = {bare(cell): place for place, cell in reversed(list(enumerate(row.cells))) if bare(cell)}
        places = {field: _places(field, wanted, names) for field, wanted in profile.columns.items()}
        if all(found for field, found in places.items() if field not in profile.optional):
            width = max(place for place, cell in enumerate(row.cells) if cell.strip()) + 1
            return Header(row.number, width, places, names)
    return None


def _places(field: str, wanted: Sequence[str], names: Mapping[str, int]) -> tuple[int, ...]:
    found = tuple(names[name] for name in wanted if name in names)
    return found if field == "summary" else found[:1]
