"""Chinese text and tables on A4 pages as PDF."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Literal
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from engine.errors import InvalidInput

Align = Literal[1, 2]
_CENTER: Align = 1
_RIGHT: Align = 2

_BUILT_IN = "STSong-Light"
_MARGIN = 18 * mm
_BODY, _TITLE, _CELL = 10.5, 16, 8


_TABLE_STYLE = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
    ]
)


class Pages:
    """Collects text and tables and makes them a PDF; equal content gives equal bytes.

    The built-in Chinese font is not embedded, viewers bring it along; a TrueType file given as `font` is embedded.
    """

    def __init__(self, title: str, *, font: Path | None = None, wide: bool = False) -> None:
        """Start a document with this title in its properties."""
        self._title = title
        self._font = _registered(font)
        self._size = landscape(A4) if wide else A4
        self._story: list[Flowable] = []

    def heading(self, text: str) -> None:
        """Add a centred title."""
        self._add(text, size=_TITLE, align=_CENTER, after=10)

    def section(self, text: str) -> None:
        """Add the title of a section."""
        self._add(text, size=_BODY + 1.5, before=6, after=3)

    def text(self, text: str, *, right: bool = False) -> None:
        """Add a paragraph; line breaks are kept."""
        self._add(text, size=_BODY, align=_RIGHT if right else None, after=3)

    def table(
        self, rows: Sequence[Sequence[str]], widths: Sequence[float], *, right: Sequence[int] = ()
    ) -> None:
        """Add a table: the first row is its heading, `widths` are shares of the page, `right` aligns columns."""
        space = self._size[0] - 2 * _MARGIN
        styles = [self._style(_CELL, _RIGHT if at in right else None, 1.2) for at in range(len(widths))]
        cells = [[_paragraph(cell, styles[at]) for at, cell in enumerate(row)] for row in rows]
        table = Table(cells, colWidths=[space * width / sum(widths) for width in widths], repeatRows=1)
        table.setStyle(_TABLE_STYLE)
        self._story += [table, Spacer(1, 4 * mm)]

    def new_page(self) -> None:
        """Go on on a new page."""
        self._story.append(PageBreak())

    def render(self) -> bytes:
        """Give the PDF."""
        into = io.BytesIO()
        SimpleDocTemplate(
            into,
            pagesize=self._size,
            title=self._title,
            author="账房",
            invariant=1,
            leftMargin=_MARGIN,
            rightMargin=_MARGIN,
            topMargin=_MARGIN,
            bottomMargin=_MARGIN,
        ).build(self._story)
        return into.getvalue()

    def _add(
        self, text: str, *, size: float, align: Align | None = None, before: float = 0, after: float = 0
    ) -> None:
        style = self._style(size, align)
        style.spaceBefore, style.spaceAfter = before, after
        self._story.append(_paragraph(text, style))

    def _style(self, size: float, align: Align | None, spacing: float = 1.5) -> ParagraphStyle:
        style = ParagraphStyle(
            "text", fontName=self._font, fontSize=size, leading=size * spacing, wordWrap="CJK"
        )
        if align is not None:
            style.alignment = align
        return style


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    # Blanks run together in a paragraph; the wide ones of a form keep things apart and must stay.
    kept = text.replace("\u3000", "\u00a0")
    return Paragraph(escape(kept).replace("\n", "<br/>"), style)


def _registered(font: Path | None) -> str:
    if font is None:
        pdfmetrics.registerFont(UnicodeCIDFont(_BUILT_IN))
        return _BUILT_IN
    try:
        pdfmetrics.registerFont(TTFont(font.stem, str(font)))
    except (TTFError, OSError) as error:
        raise InvalidInput(
            f"The font {font} cannot be embedded: {error}. Choose a TrueType file or none."
        ) from error
    return font.stem
