"""Where to go after a change: back to the page that asked, if it is one of ours."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import redirect, request, url_for
from werkzeug.wrappers import Response


def own(address: str | None) -> str | None:
    """Return the address when it is a path of this site, else None."""
    if not address:
        return None
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    return address.rstrip("?")


def back(default: str | None = None) -> Response:
    """Return a redirect to the page named in the form, the one given, or the first page."""
    return redirect(own(request.form.get("back")) or default or url_for("home"), 303)
