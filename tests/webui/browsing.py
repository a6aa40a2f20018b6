"""What the tests of pages hold in their hands: a browser, and a client with a link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient

TOKEN = "token-of-the-test"


@dataclass(frozen=True)
class Browser:
    """A browser with a session: ``get`` a page, ``post`` a form as a person would."""

    client: FlaskClient

    def get(self, url: str, **kwargs: Any) -> Any:
        """Open a page."""
        return self.client.get(url, **kwargs)

    def post(self, url: str, fields: dict[str, Any] | None = None, **kwargs: Any) -> Any:
        """Hand in a form."""
        with self.client.session_transaction() as session:
            session["csrf"] = TOKEN
        return self.client.post(url, data={"csrf_token": TOKEN, **(fields or {})}, **kwargs)


@dataclass(frozen=True)
class Visit:
    """A client with a link and a running instance of the sample process."""

    client: UUID
    instance: UUID
    token: str

    @property
    def home(self) -> str:
        """The address of the client's first page."""
        return f"/portal/{self.token}"
