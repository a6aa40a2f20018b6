"""Who may open the client's pages: the holder of a valid link, not too often; answers that leave no trace elsewhere."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

from flask import Response, current_app, g, request
from werkzeug.exceptions import TooManyRequests

from engine.commands import portal as commands
from engine.errors import NotFound
from store.queries import portal_pages
from webui.language import LANGUAGES
from webui.place import store

COOKIE = "portal_language"
HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}
KNOWN = 5_000


@dataclass(slots=True)
class Limiter:
    """Counts what one sender does in a window of time; the senders quiet for longest are forgotten first."""

    most: int
    window: timedelta
    seen: OrderedDict[str, deque[datetime]] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def is_full(self, sender: str, now: datetime) -> bool:
        """Tell whether the sender has done as much as the window allows."""
        with self.lock:
            return len(self._recent(sender, now)) >= self.most

    def count(self, sender: str, now: datetime) -> None:
        """Count one thing done."""
        with self.lock:
            recent = self._recent(sender, now)
            recent.append(now)
            self.seen[sender] = recent
            self.seen.move_to_end(sender)
            while len(self.seen) > KNOWN:
                self.seen.popitem(last=False)

    def _recent(self, sender: str, now: datetime) -> deque[datetime]:
        recent = self.seen.get(sender, deque())
        while recent and recent[0] <= now - self.window:
            recent.popleft()
        return recent


@dataclass(frozen=True, slots=True)
class Limits:
    """What the portal allows: wrong links of one address, changes through one link."""

    wrong_links: Limiter = field(default_factory=lambda: Limiter(20, timedelta(minutes=10)))
    changes: Limiter = field(default_factory=lambda: Limiter(400, timedelta(hours=1)))


def limits() -> Limits:
    """Return the limits of this application, made when first asked for."""
    found: Limits = current_app.extensions.setdefault("zhangfang.portal", Limits())
    return found


def keep_token(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Take the token out of the address; it is looked at once the request knows its language."""
    del endpoint
    g.portal_token = (values or {}).get("token", "")


def open_link() -> None:
    """Let only the holder of a valid link in; every other answer is the same and tells nothing."""
    g.person = None
    chosen = request.cookies.get(COOKIE)
    if chosen in LANGUAGES and "language" not in g:
        g.language = chosen
    now, sender = store().clock.now(), request.remote_addr or ""
    if limits().wrong_links.is_full(sender, now):
        raise TooManyRequests
    try:
        g.link = store().run(commands.open_link, g.portal_token)
    except NotFound:
        limits().wrong_links.count(sender, now)
        raise
    g.client = store().read(portal_pages.client, g.link.client_id)
    if g.client is None:
        raise NotFound("This link leads nowhere.")
    if request.method != "GET":
        _count_change(g.link.id, now)


def set_headers(response: Response) -> Response:
    """Let no cache keep the page and no other site learn its address."""
    response.headers.update(HEADERS)
    return response


def _count_change(link_id: UUID, now: datetime) -> None:
    if limits().changes.is_full(str(link_id), now):
        raise TooManyRequests
    limits().changes.count(str(link_id), now)
