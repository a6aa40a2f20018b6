"""Which of the sample files belongs to which client of the demo."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from engine.errors import InvalidInput
from handlers.demo.firm import described
from handlers.invoices.read import read
from handlers.invoices.xml_fields import UnreadableInvoice

AUGUST = "2026-08"

Inputs = Mapping[tuple[str, str], tuple[Path, ...]]


def inputs_of(folder: Path | None, owners: Mapping[str, str]) -> Inputs:
    """Return the files of August by (case, period); ``owners`` are cases by credit code.

    An invoice belongs to its seller and to its buyer, whichever is a client; a bank export to the client that firm.yaml
    names. InvalidInput when the folder holds neither invoices nor bank exports.
    """
    if folder is None:
        return {}
    found: defaultdict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in sorted(folder.iterdir()):
        for case in _owners(path, owners):
            found[case, AUGUST].append(path)
    if not found:
        raise InvalidInput(f"There is no invoice (XML) and no known bank export in {folder}.")
    return {key: tuple(paths) for key, paths in found.items()}


def _owners(path: Path, owners: Mapping[str, str]) -> list[str]:
    if path.suffix.lower() == ".xml":
        return _of_invoice(path, owners)
    export = described()["bank_exports"].get(path.name)
    if export is None:
        return []
    code = next(each["credit_code"] for each in described()["clients"] if each["code"] == export["client"])
    return [owners[code]] if code in owners else []


def _of_invoice(path: Path, owners: Mapping[str, str]) -> list[str]:
    try:
        invoice = read(path.read_bytes())
    except UnreadableInvoice:
        return sorted(set(owners.values()))[:1]  # somebody must see it: it becomes an exception there
    codes = (invoice.seller.code, invoice.buyer.code)
    return [owners[code] for code in codes if code in owners]
