"""A contract's text as a Word file and as a PDF."""

from __future__ import annotations

import io
from pathlib import Path

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.run import Run

from handlers.contracts.texts import ContractText, article
from handlers.printing.pdf import Pages
from handlers.printing.zips import repacked

_FONT = "宋体"


def to_docx(contract: ContractText) -> bytes:
    """Write the contract as a Word file; equal texts give equal bytes."""
    document = Document()
    heading = document.add_paragraph()
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _styled(heading.add_run(contract.title), 18, bold=True)
    for text in contract.opening:
        _styled(document.add_paragraph().add_run(text), 11)
    for at, clause in enumerate(contract.clauses):
        _styled(document.add_paragraph().add_run(article(at, clause)), 12, bold=True)
        for text in clause.paragraphs:
            _styled(document.add_paragraph().add_run(text), 11)
    for text in contract.closing:
        _styled(document.add_paragraph().add_run(text), 11)
    document.core_properties.title, document.core_properties.author = contract.title, "账房"
    into = io.BytesIO()
    document.save(into)
    return repacked(into.getvalue())


def to_pdf(contract: ContractText, *, font: Path | None = None) -> bytes:
    """Write the contract as a PDF; `font` is a TrueType file to embed in place of the built-in Chinese font."""
    pages = Pages(contract.title, font=font)
    pages.heading(contract.title)
    for text in contract.opening:
        pages.text(text)
    for at, clause in enumerate(contract.clauses):
        pages.section(article(at, clause))
        for text in clause.paragraphs:
            pages.text(text)
    for text in contract.closing:
        pages.text(text)
    return pages.render()


def _styled(run: Run, size: float, *, bold: bool = False) -> None:
    run.font.size, run.font.bold, run.font.name = Pt(size), bold, _FONT
    # Word takes Chinese characters from the East Asian font, which python-docx does not set.
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)  # noqa: SLF001
