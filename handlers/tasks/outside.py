"""What a handler of effect="outside" is handed."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from typing import Any, Protocol
from zoneinfo import ZoneInfo


class Papers(Protocol):
    """Keeps bytes under their digest (store.documents.DocumentStore)."""

    def put(self, body: bytes) -> str:
        """Keep bytes and return their SHA-256."""

    def get(self, digest: str) -> bytes:
        """Return the bytes of a digest."""


class Mailer(Protocol):
    """Sends mail; the same key never sends twice."""

    def send(self, message: EmailMessage, key: str) -> None:
        """Send a message under a key that is the same on every retry."""


class Outside(Protocol):
    """The worker's side of a call that runs with no transaction open."""

    documents: Papers
    mail: Mailer
    zone: ZoneInfo
    read: Callable[..., Any]
