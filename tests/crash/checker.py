"""An independent look at what is left after the kills: plain sqlite3, nothing of the product."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path


class Findings:
    """What the database and the logs say."""

    def __init__(self, database: Path, acknowledged: Path, sent: Path) -> None:
        with closing(sqlite3.connect(database)) as connection:
            self.integrity = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            self.dangling = list(connection.execute("PRAGMA foreign_key_check"))
            self.states = Counter(
                (process, state)
                for process, state in connection.execute("SELECT process, state FROM instances")
            )
            self.orders = [row[0] for row in connection.execute("SELECT message_id FROM messages")]
            self.bookings = Counter(
                row[0] for row in connection.execute("SELECT subject FROM contacts WHERE channel = 'booking'")
            )
            self.jobs = connection.execute("SELECT count(*) FROM jobs").fetchone()[0]
            self.incidents = list(connection.execute("SELECT message FROM incidents"))
            self.ends = Counter(
                row[0]
                for row in connection.execute(
                    "SELECT instance_id FROM history WHERE kind = 'instance.completed'"
                )
            )
            self.done = Counter(
                (row[0], row[1])
                for row in connection.execute(
                    "SELECT instance_id, element FROM history WHERE kind = 'element.completed'"
                )
            )
            self.gaps = list(
                connection.execute(
                    "SELECT chain, count(*), max(position) FROM history GROUP BY chain HAVING count(*) <> max(position)"
                )
            )
            self.heads = list(
                connection.execute(
                    "SELECT chain FROM chain_heads JOIN history USING (chain, position) WHERE chain_heads.hash <> history.hash"
                )
            )
        self.acknowledged = acknowledged.read_text().splitlines()
        self.sent = Counter(sent.read_text().splitlines())

    def count(self, process: str) -> int:
        """Return how many instances of a process there are, in whatever state."""
        return sum(number for (name, _), number in self.states.items() if name == process)

    def unfinished(self) -> int:
        """Return how many instances are not completed."""
        return sum(number for (_, state), number in self.states.items() if state != "completed")


def unfinished(database: Path) -> int:
    """Return how many instances still run; used while the last run works off the rest."""
    with closing(sqlite3.connect(database)) as connection:
        query = "SELECT count(*) FROM instances WHERE state <> 'completed'"
        return int(connection.execute(query).fetchone()[0])
