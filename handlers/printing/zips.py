"""Zip containers whose bytes depend on nothing but names and contents."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_PLAIN_FILE = 0o100644 << 16

Change = Callable[[str, bytes], bytes]


def packed(files: Mapping[str, bytes]) -> bytes:
    """Pack files in the order given, without times, so that equal content gives equal bytes."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            entry.external_attr = _PLAIN_FILE
            archive.writestr(entry, content)
    return into.getvalue()


def repacked(content: bytes, change: Change = lambda _, body: body) -> bytes:
    """Pack an office file anew without times, each part passed through `change(name, body)`."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return packed({name: change(name, archive.read(name)) for name in archive.namelist()})
