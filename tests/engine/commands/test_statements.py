"""What the plainest instance costs: start, user task, service task, end."""

from __future__ import annotations

from engine.batches import run_batch
from engine.commands import work_items
from engine.service_tasks import Handlers
from store.unit_of_work import counted
from tests.engine.commands.playing import Play

TRIVIAL = "startEvent s\nuserTask u groups=bookkeeper\nserviceTask j topic=noop\nendEvent e\ns -> u -> j -> e"


def test_the_plainest_instance_costs_at_most_23_statements_and_3_commits(
    play: Play, handlers: Handlers
) -> None:
    handlers.service_task("noop", effect="database")(lambda call, uow: {})
    play.deploy(TRIVIAL)
    one(play)  # fills the caches
    statements = one(play)
    begun = [statement for statement in statements if statement.startswith("BEGIN")]
    assert begun == ["BEGIN IMMEDIATE"] * (3 if play.store.engine.dialect.name == "sqlite" else 0)
    assert len(statements) - len(begun) <= 23
    assert play.states("p") == ["completed", "completed"]


def one(play: Play) -> list[str]:
    """Run one instance from start to end and return the statements that it cost."""
    with counted(play.store) as starting:
        play.start()
    item = play.item("u")
    with counted(play.store) as completing:
        play.store.run(work_items.complete, item, {}, by=play.firm.bao)
    with counted(play.store) as running:
        assert play.store.run(run_batch, 20) == 1
    return [*starting, *completing, *running]
