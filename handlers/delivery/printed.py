"""Forms as a PDF, one page or more each."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from handlers.delivery.forms import Cell, Form, Header
from handlers.printing.pdf import Pages


def to_pdf(forms: Sequence[Form], header: Header, *, font: Path | None = None) -> bytes:
    """Print forms as a PDF; `font` is a TrueType file to embed in place of the built-in Chinese font."""
    pages = Pages(f"{header.company} {header.period}", font=font, wide=True)
    for at, form in enumerate(forms):
        if at:
            pages.new_page()
        pages.heading(form.title)
        pages.text(f"编制单位：{header.company}　　{header.period}　　{form.number}　　单位：{header.unit}")
        rows = [list(form.headings), *([_shown(cell) for cell in row] for row in form.rows)]
        pages.table(rows, form.widths, right=form.amounts)
        for note in form.notes:
            pages.text(note)
    return pages.render()


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    return f"{cell:,.2f}" if isinstance(cell, Decimal) else str(cell)
