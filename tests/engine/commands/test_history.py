from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from engine.commands import deployments, history, instances
from store.tables import ChainHead, HistoryEvent
from store.unit_of_work import Store, UnitOfWork
from tests.conftest import Firm
from tests.engine.commands.deciding import RATES
from tests.engine.commands.playing import Play

ONE = "startEvent s\nuserTask a groups=bookkeeper\nendEvent e\ns -> a -> e"

UNGUARDED = {
    "sqlite": ("DROP TRIGGER history_keeps_rows", "DROP TRIGGER history_keeps_values"),
    "postgresql": ("DROP TRIGGER history_keeps_rows ON history",),
}
INSERTED = """
INSERT INTO history (chain, position, at, kind, name, detail, hash)
SELECT chain, position + 1, at, kind, name, detail, hash FROM history
WHERE chain = '{chain}' ORDER BY position DESC LIMIT 1
"""
CUT_OFF = """
DELETE FROM history WHERE chain = '{chain}'
AND position = (SELECT max(position) FROM history WHERE chain = '{chain}')
"""


@pytest.fixture
def chain(play: Play, firm: Firm) -> str:
    play.deploy(ONE)
    play.store.run(instances.start, "p", {"amount": "12"}, by=None, client=firm.client)
    play.complete("a", by=firm.bao)
    return f"client:{firm.client}"


def tamper(store: Store, *statements: str) -> None:
    """Change rows as somebody with the database file would: past the trigger."""

    def change(uow: UnitOfWork) -> None:
        for statement in (*UNGUARDED[uow.connection.dialect.name], *statements):
            uow.connection.execute(text(statement))

    store.run(change)


def test_every_fact_of_a_client_stands_in_one_chain_that_holds(play: Play, firm: Firm, chain: str) -> None:
    assert play.store.read(history.verify, chain) == []
    kinds = [
        row[0] for row in play.rows(select(HistoryEvent.kind).where(HistoryEvent.client_id == firm.client))
    ]
    assert kinds[:2] == ["client.created", "client.staff"]
    assert kinds[2:].count("instance.started") == kinds.count("instance.completed") == 1
    assert "variables.set" in kinds
    assert "work_item.completed" in kinds


@pytest.mark.usefixtures("chain")
def test_who_did_it_is_on_every_row_of_what_they_did(play: Play, firm: Firm) -> None:
    query = select(HistoryEvent.person_id).where(HistoryEvent.kind == "instance.completed")
    assert play.rows(query) == [(firm.bao.id,)]


@pytest.mark.usefixtures("chain")
def test_the_database_refuses_to_change_or_delete_history(play: Play) -> None:
    for statement in ("UPDATE history SET name = 'x'", "DELETE FROM history"):
        with pytest.raises(DatabaseError, match="append only"):
            play.store.run(lambda uow, sql: uow.connection.execute(text(sql)), statement)


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("UPDATE history SET name = 'x' WHERE chain = '{chain}' AND position = 3", "changed"),
        ("UPDATE history SET at = '2020-01-01 00:00:00.000000' WHERE chain = '{chain}' AND position = 2", "changed"),
        ("DELETE FROM history WHERE chain = '{chain}' AND position = 3", "removed"),
        (CUT_OFF, "head"),
        (INSERTED, "changed"),
        ("UPDATE chain_heads SET hash = 'x' WHERE chain = '{chain}'", "head"),
    ],
)  # fmt: skip
def test_a_changed_removed_or_inserted_row_is_found(
    play: Play, chain: str, statement: str, kind: str
) -> None:
    tamper(play.store, statement.format(chain=chain))
    breaks = play.store.read(history.verify, chain)
    assert kind in {one.kind for one in breaks}
    assert all(chain in one.message for one in breaks)


def test_a_rolled_back_command_leaves_no_gap(play: Play, firm: Firm, chain: str) -> None:
    def fails(uow: UnitOfWork) -> None:
        history.note(uow, "test", by=None, client_id=firm.client)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        play.store.run(fails)
    play.store.run(history.note, "test", by=None, client_id=firm.client)
    assert play.store.read(history.verify, chain) == []


def test_a_head_moved_by_another_process_is_taken_up(play: Play, firm: Firm, chain: str) -> None:
    play.store.surroundings.chains.put(chain, (1, "old"))
    play.store.run(history.note, "test", by=None, client_id=firm.client)
    assert play.store.read(history.verify, chain) == []


def test_all_chains_hold_and_are_known_by_name(play: Play, chain: str) -> None:
    started = play.start()
    names = play.store.read(history.chains)
    assert {chain, "firm", f"instance:{started}"} <= set(names)
    assert [one for name in names for one in play.store.read(history.verify, name)] == []
    assert len(names) == len(play.rows(select(ChainHead.chain)))
    assert isinstance(started, UUID)


def test_a_changed_count_of_a_decision_is_a_break(play: Play) -> None:
    play.store.run(deployments.deploy, {"p/rates.dmn": RATES}, by=None)
    play.deploy("startEvent s\nbusinessRuleTask a decision=rate answer=rates\ns -> a")
    broken = f"instance:{play.start(amount=50)}"
    assert play.store.read(history.verify, broken) == []
    tamper(play.store, "UPDATE history SET outcome = 'rate:2' WHERE outcome = 'rate:1,3'")
    assert [each.kind for each in play.store.read(history.verify, broken)] == ["changed"]
