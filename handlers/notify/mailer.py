"""The mailer that the settings of an installation ask for."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from engine.errors import InvalidInput
from handlers.notify.outbox import Outbox, SmtpServer

_SECURITY = {"smtp": ("starttls", 587), "smtps": ("tls", 465), "smtp+plain": ("none", 25)}


class Mailer(Protocol):
    """Sends mail; the same key never sends twice."""

    def send(self, message: EmailMessage, key: str) -> None:
        """Send a message under a key that is the same on every retry."""


def mailer(outbox: Path, smtp_url: str) -> Mailer:
    """Return the server of ``smtp_url`` (smtp://, smtps:// or smtp+plain://), or the folder when no server is named."""
    if not smtp_url:
        return Outbox(outbox)
    parts = urlsplit(smtp_url)
    if parts.scheme not in _SECURITY or not parts.hostname:
        raise InvalidInput(
            f"The mail server {smtp_url!r} is no address such as smtps://user:password@mail.example.com:465."
        )
    security, port = _SECURITY[parts.scheme]
    return SmtpServer(
        parts.hostname,
        parts.port or port,
        security,
        unquote(parts.username or ""),
        unquote(parts.password or ""),
    )
