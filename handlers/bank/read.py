"""Importing a statement file: good rows become movements, bad rows are listed with their reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from hashlib import sha256

from engine.errors import InvalidInput
from handlers.bank.layout import Header, UnreadableStatement, WrongHeader, decode, find_header, split
from handlers.bank.profiles import Profile, profiles
from handlers.bank.sheet import Sheet
from handlers.bank.values import BankLine, LeftRow, Statement


class AmbiguousLayout(UnreadableStatement):
    """The header fits no known profile, or more than one."""


def read(content: bytes, profile: Profile) -> Statement:
    """Read a statement file by a profile; malformed rows are rejected one by one, never the file.

    Raises WrongEncoding or WrongHeader (UnreadableStatement) when the file is of another kind.
    Every row after the header that is not blank ends up in `lines`, `rejected` or `ignored`.
    """
    text, encoding = decode(content, profile.encodings)
    rows = list(split(text, profile.delimiter))
    header = find_header(rows, profile)
    if header is None:
        raise WrongHeader(*_no_header(profile))
    sheet = Sheet(profile, header)
    lines, rejected, ignored = [], [], []
    for row in rows[header.row :]:
        if not any(cell.strip() for cell in row.cells):
            continue
        try:
            if reason := sheet.ignored(row):
                ignored.append(LeftRow(row.number, reason, row.cells))
            else:
                lines.append(sheet.line(row))
        except InvalidInput as error:
            rejected.append(LeftRow(row.number, str(error), row.cells))
    return Statement(
        profile.key, encoding, tuple(lines), tuple(rejected), tuple(ignored), _notes(lines, header)
    )


def guess_profile(content: bytes, known: Mapping[str, Profile] | None = None) -> Profile:
    """Find the profile whose header the file has, most columns first; AmbiguousLayout otherwise."""
    fitting = []
    for profile in (profiles() if known is None else known).values():
        try:
            text, _ = decode(content, profile.encodings)
        except UnreadableStatement:
            continue
        if header := find_header(split(text, profile.delimiter), profile):
            fitting.append((sum(map(len, header.places.values())), profile))
    if not fitting:
        raise AmbiguousLayout(
            "The file has the header of no known statement; choose or write a profile for it.",
            "表头不是已知的任何一种对账单，请指定版式或增加版式",
        )
    most = max(score for score, _ in fitting)
    best = [profile for score, profile in fitting if score == most]
    if len(best) > 1:
        raise AmbiguousLayout(
            f"The file fits {', '.join(profile.key for profile in best)}; choose one of them.",
            f"文件同时符合 {'、'.join(profile.key for profile in best)}，请指定其中一种版式",
        )
    return best[0]


def line_keys(statement: Statement, account: str) -> tuple[str, ...]:
    """Give each line's key for finding movements imported before, equal in overlapping exports.

    Movements that agree in everything are told apart by their order, so that two equal payments stay two.
    """
    seen: Counter[str] = Counter()
    keys = []
    for line in statement.lines:
        facts = (account, line.on, line.at, line.way, line.amount, line.balance, line.counterparty)
        more = (line.counterparty_account, line.reference, line.summary)
        digest = sha256("\x1f".join(map(str, facts + more)).encode()).hexdigest()[:32]
        seen[digest] += 1
        keys.append(f"{digest}-{seen[digest]}")
    return tuple(keys)


def _notes(lines: list[BankLine], header: Header) -> tuple[str, ...]:
    unread = sum(line.balance is None for line in lines)
    return (f"{unread}行没有可读的余额",) if header.places.get("balance") and unread else ()


def _no_header(profile: Profile) -> tuple[str, str]:
    columns = "、".join(name for names in profile.columns.values() for name in names)
    return (
        f"No row of the file has the columns of {profile.name} ({columns}); choose another profile.",
        f"文件中没有{profile.name}的表头（{columns}），请换一种版式",
    )
