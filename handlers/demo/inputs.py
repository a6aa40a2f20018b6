"""Which of the sample files belongs to which client of the demo, and how it is handed in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.errors import InvalidInput
from handlers.demo.firm import described
from handlers.invoices.read import read
from handlers.invoices.xml_fields import UnreadableInvoice

AUGUST = "2026-08"
_ENCODINGS = ("utf-8-sig", "gb18030")
_DATE = re.compile(r"(?<!\d)20[12]\d([-/]?)(?:0?[1-9]|1[0-2])\1(0?[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True, slots=True)
class Input:
    """A file that a client hands in; ``moved`` when its dates are not those of the file in the folder."""

    name: str
    body: bytes
    moved: bool = False


Inputs = Mapping[tuple[str, str], tuple[Input, ...]]


def inputs_of(folder: Path | None, owners: Mapping[str, str]) -> Inputs:
    """Return the files of August by (case, period); ``owners`` are cases by credit code.

    An invoice belongs to its seller and to its buyer, whichever is a client; a bank export to the client that firm.yaml
    names. InvalidInput when the folder holds neither invoices nor bank exports.
    """
    if folder is None:
        return {}
    found: defaultdict[tuple[str, str], list[Input]] = defaultdict(list)
    for path in sorted(folder.iterdir()):
        for case, given in _handed_in(path, owners):
            found[case, AUGUST].append(given)
    if not found:
        raise InvalidInput(f"There is no invoice (XML) and no known bank export in {folder}.")
    return {key: tuple(files) for key, files in found.items()}


def _handed_in(path: Path, owners: Mapping[str, str]) -> list[tuple[str, Input]]:
    if path.suffix.lower() == ".xml":
        body = path.read_bytes()
        return [(case, Input(path.name, body)) for case in _of_invoice(body, owners)]
    export = described()["bank_exports"].get(path.name)
    if export is None:
        return []
    code = next(each["credit_code"] for each in described()["clients"] if each["code"] == export["client"])
    body = path.read_bytes()
    moved = in_august(body)
    return [(owners[code], Input(path.name, moved, moved != body))] if code in owners else []


def _of_invoice(body: bytes, owners: Mapping[str, str]) -> list[str]:
    try:
        invoice = read(body)
    except UnreadableInvoice:
        return sorted(set(owners.values()))[:1]  # somebody must see it: it becomes an exception there
    return [owners[code] for code in (invoice.seller.code, invoice.buyer.code) if code in owners]


def in_august(body: bytes) -> bytes:
    """Return a bank export with every date moved to its day in August 2026, all else as it was.

    The samples are exports of 2017 to 2025; left so, every row would belong to no month of these books.
    """
    for encoding in _ENCODINGS:
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _DATE.sub(_moved, text).encode(encoding)
    return body


def _moved(found: re.Match[str]) -> str:
    separator = found[1]
    return f"2026{separator}08{separator}{int(found[2]):02}"
