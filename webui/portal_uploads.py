"""Papers that clients send: kept once however often they are sent, of kinds that an office can read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePath
from uuid import UUID

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from engine.commands import documents
from engine.errors import InvalidInput
from store.queries import portal_pages
from store.unit_of_work import UnitOfWork
from webui.place import store

KINDS = (
    ".jpg", ".jpeg", ".png", ".heic", ".webp", ".pdf", ".xml", ".ofd", ".csv", ".txt", ".xls", ".xlsx", ".doc",
    ".docx", ".zip",
)  # fmt: skip
ACCEPT = "image/*," + ",".join(KINDS)
_KEY = re.compile(r"[0-9A-Za-z-]{8,64}")


@dataclass(frozen=True, slots=True)
class Upload:
    """One file for one line of a request list (``kind``); ``key`` is the sender's own, the same on every retry."""

    client_id: UUID
    period: str | None
    kind: str
    instance_id: UUID
    key: str = ""


def keep(upload: Upload, file: FileStorage) -> UUID:
    """Keep a file and return its document; sent again (same key, or same bytes for the same line) it is the same one.

    Raises InvalidInput for a kind of file that cannot be taken, or an empty one.
    """
    name = file.filename or ""
    if PurePath(name).suffix.lower() not in KINDS:
        raise InvalidInput(
            _("「%(name)s」不是可以接收的文件类型；请上传照片、PDF、XML、OFD、表格或 ZIP。", name=name)
        )
    return store().run(_keep_once, upload, file, name)


def _keep_once(uow: UnitOfWork, upload: Upload, file: FileStorage, name: str) -> UUID:
    """Look and keep in one transaction, so that a second tap that overtakes the first finds its paper."""
    file.stream.seek(0)  # the store may run a command again
    body = file.stream.read()
    key = upload.key if _KEY.fullmatch(upload.key) else ""
    known = portal_pages.same_upload(
        uow.connection,
        upload.client_id,
        upload.period,
        kind=upload.kind,
        digest=sha256(body).hexdigest(),
        key=key,
    )
    return known or documents.add(
        uow,
        body,
        name,
        file.mimetype or "application/octet-stream",
        client=upload.client_id,
        period=upload.period,
        kind=upload.kind,
        by=None,
        from_portal=True,
        instance=upload.instance_id,
        facts={"upload_key": key} if key else {},
    )
