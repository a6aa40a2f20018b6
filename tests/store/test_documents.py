from __future__ import annotations

import errno
import os
from hashlib import sha256
from pathlib import Path

import pytest

from store.documents import DocumentStore
from store.errors import DocumentMissing, StorageFull

BODY = "发票".encode()


def test_bytes_come_back_as_they_were_put(tmp_path: Path) -> None:
    documents = DocumentStore(tmp_path / "documents")
    digest = documents.put(BODY)
    assert digest == sha256(BODY).hexdigest()
    assert documents.get(digest) == BODY
    assert documents.put(BODY) == digest


def test_a_changed_or_missing_file_is_told(tmp_path: Path) -> None:
    documents = DocumentStore(tmp_path)
    digest = documents.put(BODY)
    documents.path(digest).write_bytes(b"other")
    with pytest.raises(DocumentMissing, match="has been changed"):
        documents.get(digest)
    documents.path(digest).unlink()
    with pytest.raises(DocumentMissing, match="restore it"):
        documents.get(digest)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "0" * 63])
def test_what_is_no_digest_never_becomes_a_path(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError, match="no SHA-256"):
        DocumentStore(tmp_path).path(digest)


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = DocumentStore(tmp_path)

    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageFull, match="no room"):
        documents.put(BODY)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
