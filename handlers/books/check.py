"""Checks of vouchers by the rules VR01-VR12 (会计基础工作规范 第五十一条 and others, see findings.csv).

VR09, VR10 and VR12 bind the way of working (returning papers, keeping logs), not a single voucher.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date

from handlers.books.chart import Chart
from handlers.books.vouchers import Voucher
from handlers.findings import Finding, finding
from handlers.money import cents

_TABLE = __package__ or ""


def check(voucher: Voucher, chart: Chart, *, closed_until: date | None = None) -> list[Finding]:
    """Give everything wrong with what a voucher says; who signed it is `check_signatures`."""
    checks: tuple[Callable[[Voucher], Iterable[Finding]], ...] = (_content, _amounts, _correction)
    found = [one for each in checks for one in each(voucher)]
    if closed_until and voucher.on <= closed_until:
        found.append(finding(_TABLE, "VA05", on=voucher.on))
    return found + list(_accounts(voucher, chart))


def check_signatures(voucher: Voucher) -> list[Finding]:
    """Give what is wrong with who signed: all names there, duties separate (会计法 第三十五条)."""
    names = voucher.signed_by
    needed = {
        "制单": names.preparer,
        "审核": names.reviewer,
        "记账": names.bookkeeper,
        "会计主管": names.head,
    }
    if voucher.moves_money:
        needed["出纳"] = names.cashier
    found = []
    if missing := [label for label, name in needed.items() if not name]:
        found.append(finding(_TABLE, "VR01", missing="、".join(missing)))
    if names.reviewer and names.reviewer == names.preparer:
        found.append(finding(_TABLE, "VR08", person=names.reviewer))
    if names.reviewer and names.reviewer == names.cashier:
        found.append(finding(_TABLE, "VR08C", person=names.cashier))
    return found


def check_numbers(vouchers: Iterable[Voucher]) -> list[Finding]:
    """Find gaps, repeats and incomplete fractions among the vouchers of one month, by voucher word."""
    numbered: dict[str, dict[int, list[tuple[int, int]]]] = defaultdict(lambda: defaultdict(list))
    for voucher in vouchers:
        if voucher.number is not None:
            numbered[voucher.word][voucher.number].append(voucher.fraction)
    found: list[Finding] = []
    for word, numbers in sorted(numbered.items()):
        if gaps := [number for number in range(1, max(numbers) + 1) if number not in numbers]:
            found.append(finding(_TABLE, "VR03G", word=word, numbers=_listed(gaps)))
        if twice := [number for number, parts in sorted(numbers.items()) if len(set(parts)) < len(parts)]:
            found.append(finding(_TABLE, "VR03D", word=word, numbers=_listed(twice)))
        found.extend(_fractions(word, numbers))
    return found


def check_sources(voucher: Voucher, booked: Collection[str]) -> list[Finding]:
    """Find documents that the book set has booked already (财会〔2020〕6号)."""
    repeated = [key for key, times in Counter(voucher.sources).items() if times > 1 or key in booked]
    return [finding(_TABLE, "VR11", numbers="、".join(repeated))] if repeated and not voucher.corrects else []


def _content(voucher: Voucher) -> Iterator[Finding]:
    missing = ["摘要"] if any(not line.summary.strip() for line in voucher.lines) else []
    if not voucher.lines:
        missing.append("分录")
    if missing:
        yield finding(_TABLE, "VR01", missing="、".join(missing))
    if not voucher.attachments and voucher.kind == "ordinary":
        yield finding(_TABLE, "VR05")


def _amounts(voucher: Voucher) -> Iterator[Finding]:
    if voucher.debit != voucher.credit:
        yield finding(_TABLE, "VR02", debit=voucher.debit, credit=voucher.credit)
    if not any(line.debit or line.credit for line in voucher.lines):
        yield finding(_TABLE, "VR02Z")
    for at, line in enumerate(voucher.lines, start=1):
        if bool(line.debit) == bool(line.credit):
            yield finding(_TABLE, "VA03", line=at)
        if line.debit != cents(line.debit) or line.credit != cents(line.credit):
            yield finding(_TABLE, "VA04", line=at)


def _correction(voucher: Voucher) -> Iterator[Finding]:
    if voucher.kind == "red" and not voucher.corrects:
        yield finding(_TABLE, "VR06")
    if voucher.kind == "red" and voucher.corrects and not voucher.corrects.startswith(f"{voucher.on.year}年"):
        yield finding(_TABLE, "VR07")
    negative = any(line.debit < 0 or line.credit < 0 for line in voucher.lines)
    if negative and voucher.kind != "red" and not voucher.sources:
        yield finding(_TABLE, "VR06N")


def _accounts(voucher: Voucher, chart: Chart) -> Iterator[Finding]:
    for at, line in enumerate(voucher.lines, start=1):
        if line.account not in chart:
            yield finding(_TABLE, "VA01", line=at, account=line.account)
        elif not chart.is_postable(line.account):
            yield finding(_TABLE, "VA02", line=at, account=line.account)


def _fractions(word: str, numbers: dict[int, list[tuple[int, int]]]) -> Iterator[Finding]:
    for number, parts in sorted(numbers.items()):
        of = max(total for _, total in parts)
        if {part for part, _ in parts} != set(range(1, of + 1)):
            shown = "、".join(f"{part}/{total}" for part, total in sorted(parts))
            yield finding(_TABLE, "VR04", word=word, number=number, found=shown)


def _listed(numbers: Iterable[int]) -> str:
    return "、".join(map(str, numbers))
