"""The delivery pack: a zip of the period's papers with a list that proves each of them."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import PurePosixPath

from engine.errors import InvalidInput
from handlers.printing.zips import packed

MANIFEST = "manifest.json"
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class PackedFile:
    """One file of a pack as its list has it."""

    name: str
    size: int
    sha256: str


def delivery_pack(files: Mapping[str, bytes], *, client: str, period: str, made_on: date) -> bytes:
    """Pack files with a manifest of names, sizes and SHA-256 digests; equal input gives equal bytes.

    Raises InvalidInput for no files, or a name that is absolute, climbs, or is the manifest's.
    """
    if not files:
        raise InvalidInput(f"There is nothing to deliver to {client} for {period}; build the papers first.")
    for name in files:
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or not path.name or name == MANIFEST:
            raise InvalidInput(f"{name!r} cannot be a name inside a delivery pack; rename the file.")
    ordered = dict(sorted(files.items()))
    listed = [
        {"name": name, "size": len(content), "sha256": sha256(content).hexdigest()}
        for name, content in ordered.items()
    ]
    manifest = {
        "format": _FORMAT,
        "client": client,
        "period": period,
        "made_on": made_on.isoformat(),
        "files": listed,
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2) + "\n"
    return packed({MANIFEST: text.encode(), **ordered})


def read_manifest(pack: bytes) -> tuple[PackedFile, ...]:
    """Give the list inside a pack; InvalidInput when the file is no pack."""
    try:
        with zipfile.ZipFile(io.BytesIO(pack)) as archive:
            found = json.loads(archive.read(MANIFEST))
        return tuple(PackedFile(each["name"], each["size"], each["sha256"]) for each in found["files"])
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError) as error:
        raise InvalidInput(f"The file is no delivery pack with a {MANIFEST}: {error}.") from error


def broken_files(pack: bytes) -> tuple[str, ...]:
    """Give the names that are missing, changed or not listed in a pack; empty when it is whole."""
    listed = {each.name: each.sha256 for each in read_manifest(pack)}
    with zipfile.ZipFile(io.BytesIO(pack)) as archive:
        names = set(archive.namelist()) - {MANIFEST}
        wrong = {name for name in names & set(listed) if _digest(archive, name) != listed[name]}
    return tuple(sorted(wrong | (names ^ set(listed))))


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    try:
        return sha256(archive.read(name)).hexdigest()
    except (zipfile.BadZipFile, zlib.error):
        return ""
