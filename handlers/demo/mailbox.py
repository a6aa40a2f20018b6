"""The demo's mail: every letter as a file, and the links that clients find in theirs."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from handlers.notify.outbox import Outbox

_LINK = re.compile(r"/portal/([\w-]{20,})")


@dataclass(slots=True)
class Mailbox:
    """Keeps letters in a folder; ``links`` are the portal tokens that each address was sent, newest last."""

    folder: Path
    sent: int = 0
    links: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def send(self, message: EmailMessage, key: str) -> None:
        """Take one letter."""
        Outbox(self.folder).send(message, key)
        self.sent += 1
        body = message.get_body(("plain",))
        for token in _LINK.findall(body.get_content() if body is not None else ""):
            self.links[str(message["To"])].append(token)
