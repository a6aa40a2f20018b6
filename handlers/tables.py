"""Tables of facts that are kept as CSV files beside the code that reads them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

Row = Mapping[str, str]


@cache
def rows(package: str, name: str) -> tuple[Row, ...]:
    """Read the table `name` of a package: one mapping per row, column → text."""
    text = files(package).joinpath(name).read_text("utf-8")
    return tuple(MappingProxyType(row) for row in csv.DictReader(text.splitlines()))
