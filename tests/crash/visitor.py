"""A person at a browser, as the server sees them: a cookie, a token, forms; and what was answered."""

from __future__ import annotations

import http.client
import re
import sqlite3
import threading
from collections import Counter
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

from tests.crash.server_at_work import CLIENT, LOGIN, PASSWORD

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
GONE = (OSError, http.client.HTTPException)


class Visitor:
    """Starts instances and completes work items over HTTP; ``started`` and ``completed`` are what was acknowledged."""

    def __init__(self, port: int, database: Path) -> None:
        self.port, self.database = port, database
        self.cookie, self.token = "", ""
        self.started: set[str] = set()
        self.completed: Counter[str] = Counter()
        self.refused: Counter[int] = Counter()
        self._lock = threading.Lock()

    def ask(self, method: str, path: str, **fields: str) -> tuple[int, str, str]:
        """Return status, Location and body."""
        headers = {"Cookie": self.cookie, "Accept": "application/json" if method == "POST" else "text/html"}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)) as connection:
            connection.request(method, path, urlencode({"csrf_token": self.token, **fields}), headers)
            answer = connection.getresponse()
            body = answer.read().decode()
            cookie = answer.getheader("Set-Cookie")
            if cookie and path in {"/sign-in", "/me"}:
                self.cookie = cookie.partition(";")[0]
            return answer.status, answer.getheader("Location") or "", body

    def is_there(self) -> bool:
        """Tell whether the server answers."""
        try:
            return self.ask("GET", "/health/live")[0] == 200
        except GONE:
            return False

    def sign_in(self) -> None:
        """Come in; the session outlives the server."""
        for step in ({}, {"login": LOGIN, "password": PASSWORD}):
            if step:
                self.ask("POST", "/sign-in", **step)
            _, _, page = self.ask("GET", "/me" if step else "/sign-in")
            found = TOKEN.search(page)
            assert found is not None, page[:500]
            self.token = found.group(1)

    def work(self, number: int) -> None:
        """Start and complete until the server is gone; every item is handed in twice, as by a double click."""
        try:
            while True:
                self._start()
                for item in self._open_items(number):
                    self.complete(item)
                    self.complete(item)
        except GONE:
            return

    def complete(self, item: str) -> None:
        """Hand in a work item."""
        status, _, body = self.ask("POST", f"/items/{item}/complete", answers="{}")
        with self._lock:
            if status == 200:
                self.completed[item] += 1
            else:
                assert status == 409, (status, body)
                self.refused[status] += 1

    def complete_all(self) -> None:
        """Hand in whatever is still open."""
        while items := self._open_items(0, most=100):
            for item in items:
                self.complete(item)

    def _start(self) -> None:
        status, location, body = self.ask("POST", "/processes/p/start", client=CLIENT)
        assert status == 303, (status, body)
        with self._lock:
            self.started.add(location.rpartition("/")[2].replace("-", ""))

    def _open_items(self, number: int, most: int = 2) -> list[str]:
        with closing(sqlite3.connect(self.database)) as connection:
            query = "SELECT id FROM work_items WHERE state = 'open' ORDER BY opened_at LIMIT ? OFFSET ?"
            return [str(UUID(row[0])) for row in connection.execute(query, (most, number % 2))]
