"""Where messages go: a folder of .eml files, or an SMTP server."""

from __future__ import annotations

import os
import re
import smtplib
import ssl
import tempfile
from dataclasses import dataclass
from email.message import EmailMessage
from hashlib import sha256
from pathlib import Path

_UNSAFE = re.compile(r"[^0-9A-Za-z._-]+")
_READABLE = 60
_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Outbox:
    """Writes each message as a file of the folder; a repeated key changes nothing and adds nothing."""

    folder: Path

    def send(self, message: EmailMessage, key: str) -> None:
        """Write the message under its key, whole or not at all."""
        path = self.path(key)
        if path.exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self.folder, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(message.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            # A link fails when the name is taken, so of two senders at once the first one wins.
            os.link(temporary, path)
        except FileExistsError:
            return
        finally:
            Path(temporary).unlink(missing_ok=True)

    def path(self, key: str) -> Path:
        """Give the file of a key: readable, and apart for keys that differ in any character."""
        readable = _UNSAFE.sub("-", key)[:_READABLE].strip("-.")
        return self.folder / f"{readable}-{sha256(key.encode()).hexdigest()[:16]}.eml"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Hands each message to a mail server; its Message-ID stays the same when a call is repeated.

    `security`: starttls, tls or none. A server that refuses raises smtplib.SMTPException (retried by the worker).
    """

    host: str
    port: int
    security: str = "starttls"
    login: str = ""
    password: str = ""

    def send(self, message: EmailMessage, key: str) -> None:
        """Send the message; the server or the reader tells a repeat by its Message-ID."""
        del key
        with self._connection() as server:
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.login:
                server.login(self.login, self.password)
            server.send_message(message)

    def _connection(self) -> smtplib.SMTP:
        if self.security == "tls":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=_SECONDS, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=_SECONDS)
