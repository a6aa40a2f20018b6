"""Documents on disk: bytes under their SHA-256, written once and never changed."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from hashlib import sha256
from pathlib import Path

from store.errors import DocumentMissing, StorageFull

_DIGEST = re.compile(r"[0-9a-f]{64}")
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class DocumentStore:
    """A folder of documents. The same bytes are kept once; bytes of a command that was rolled back do no harm."""

    def __init__(self, folder: Path) -> None:
        """Keep documents below ``folder``; it is made when the first one comes."""
        self.folder = folder

    def put(self, body: bytes) -> str:
        """Keep bytes durably and return their digest; StorageFull when the disk has no room."""
        digest = sha256(body).hexdigest()
        path = self.path(digest)
        if path.exists():
            return digest
        try:
            self._write(path, body)
        except OSError as error:
            if error.errno in _NO_ROOM:
                raise StorageFull(
                    f"The disk of {self.folder} has no room for a document of {len(body)} bytes; "
                    "nothing was kept. Make room, then hand it in again."
                ) from error
            raise
        return digest

    def get(self, digest: str) -> bytes:
        """Return the bytes of a digest; DocumentMissing when they are gone or damaged."""
        try:
            body = self.path(digest).read_bytes()
        except FileNotFoundError:
            raise DocumentMissing(
                f"The document {digest} is not in {self.folder}; restore it from a backup."
            ) from None
        if sha256(body).hexdigest() != digest:
            raise DocumentMissing(
                f"The document {digest} in {self.folder} has been changed; restore it from a backup."
            )
        return body

    def path(self, digest: str) -> Path:
        """Return where the bytes of a digest lie; ValueError when the text is no digest."""
        if not _DIGEST.fullmatch(digest):
            raise ValueError(f"{digest!r} is no SHA-256; a document's digest has 64 hexadecimal digits.")
        return self.folder / digest[:2] / digest

    def _write(self, path: Path, body: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    """Make a rename durable: the folder's own entry must reach the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
