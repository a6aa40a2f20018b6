"""PDF pages and zip containers."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from engine.errors import InvalidInput
from handlers.printing.pdf import Pages
from handlers.printing.zips import packed, repacked


def test_equal_content_gives_equal_bytes_in_the_order_given() -> None:
    files = {"b.txt": b"2", "资料/a.txt": b"1"}

    assert packed(files) == packed(dict(files))
    assert zipfile.ZipFile(io.BytesIO(packed(files))).namelist() == ["b.txt", "资料/a.txt"]


def test_repacking_takes_the_times_out_and_may_change_parts() -> None:
    one = packed({"a": b"1"})

    again = repacked(one, lambda name, body: body + name.encode())

    assert zipfile.ZipFile(io.BytesIO(again)).read("a") == b"1a"


def test_text_with_markup_signs_is_printed_as_text() -> None:
    pages = Pages("<标题>")
    pages.heading("<b>甲&乙")
    pages.text("第一行\n第二行", right=True)
    pages.table([["项目", "金额"], ["<货款>", "1.00"]], [3, 1], right=[1])
    pages.new_page()

    assert pages.render().startswith(b"%PDF-")


def test_a_font_that_is_no_truetype_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.ttf"
    file.write_bytes(b"no font")

    with pytest.raises(InvalidInput, match="cannot be embedded"):
        Pages("x", font=file)
