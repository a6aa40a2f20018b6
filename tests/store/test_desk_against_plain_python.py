from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from store.clock import TestClock
from store.queries import desk_filter, open_pages, paging, work_items
from store.queries.desk_filter import DeskFilter
from store.queries.desk_views import SORTS, VIEWS, View
from store.queries.paging import Paging
from store.queries.scope import Scope
from store.unit_of_work import Store
from tests.engine.bpmn.reference.choices import Choices
from tests.store.desk_firm import PERIODS, ROLES, Office, answer, in_order, office

TEXTS = ("check", "晨", "a", "%", "payroll", "0003", "nowhere")
LIMITS = {
    "all is few": {},
    "much is walked": {"COUNTED": 3, "SORTED": 0, "MANY": 2},
    "some is sorted": {"COUNTED": 4, "SORTED": 25, "MANY": 30},
    "most clients": {"COUNTED": 5, "FEW": 1, "SOME": 2},
    "many clients": {"FEW": 1, "SOME": 50},
}


@pytest.fixture(params=LIMITS)
def limits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers so small that a few dozen items take the ways of a hundred thousand."""
    for name, value in LIMITS[request.param].items():
        for module in (paging, open_pages, desk_filter):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, value)


@pytest.mark.usefixtures("limits")
@pytest.mark.parametrize("seed", range(2))
def test_pages_of_any_question_hold_what_plain_python_finds(
    store: Store, clock: TestClock, seed: int
) -> None:
    chance = Choices(seed)
    firm = store.run(office, chance, items=40)
    for _ in range(16):
        scope, view, sort = chance.one_of(firm.scopes), chance.one_of(VIEWS), _sort(chance)
        filters, size = _filters(chance, firm, clock), chance.one_of((2, 7, 50))

        expected = in_order(firm, answer(firm, scope, clock.now(), view, filters), sort)
        for number in range(1, len(expected) // size + 3):
            page = store.read(
                work_items.desk,
                scope,
                clock.now(),
                view=view,
                filters=filters,
                paging=Paging(number, size, sort),
            )
            asked = (view, filters, sort, size, number)
            assert [row.id for row in page.rows] == expected[(number - 1) * size : number * size], asked
            assert page.total == min(len(expected), paging.COUNTED), asked
            assert page.uncounted == (len(expected) > paging.COUNTED), asked
            assert page.more == (number * size < len(expected)) or len(expected) > paging.COUNTED, asked


@pytest.mark.parametrize("seed", range(4))
def test_rows_of_the_desk_say_which_roles_may_take_them(store: Store, clock: TestClock, seed: int) -> None:
    firm = store.run(office, Choices(seed), items=40)
    scope = Scope(firm.scopes[0].person_id, "p0", all_clients=True)

    rows = store.read(work_items.desk, scope, clock.now(), view="all", paging=Paging(size=500)).rows

    def roles(item: UUID) -> tuple[str, ...]:
        return tuple(sorted(name for kind, name in firm.candidates[item] if kind == "role"))

    assert rows
    assert {row.id: row.roles for row in rows} == {row.id: roles(row.id) for row in rows}


@pytest.mark.parametrize("seed", range(4))
def test_counts_of_views_are_the_lengths_of_their_lists(store: Store, clock: TestClock, seed: int) -> None:
    firm, now = store.run(office, Choices(seed), items=80), clock.now()
    for scope in firm.scopes:
        found = store.read(work_items.counts, scope, now)

        def length(view: View, scope: Scope = scope) -> int:
            return len(answer(firm, scope, now, view, DeskFilter()))

        mine = [row for row in firm.items if row["state"] == "open" and row["assignee_id"] == scope.person_id]
        due = [row["due_at"] - now for row in mine if row["due_at"]]
        assert found == work_items.Counts(
            mine=length("mine"),
            unassigned=length("unassigned"),
            overdue=sum(each < timedelta(0) for each in due),
            due_today=sum(timedelta(0) <= each < timedelta(days=1) for each in due),
            postponed=length("postponed"),
            waiting=sum(row["waits_for_client"] for row in mine),
        )


def _sort(chance: Choices) -> str:
    return f"{chance.one_of(('', '-'))}{chance.one_of(list(SORTS))}"


def _filters(chance: Choices, firm: Office, clock: TestClock) -> DeskFilter:
    choices = {
        "client_id": list(firm.clients),
        "process": ["process_0", "process_1", "nothing"],
        "element": ["a"],
        "role": [*ROLES, "nobody"],
        "assignee": ["p0", "p1", "p2", "nobody"],
        "period": [each for each in PERIODS if each],
        "due_before": [clock.now() + timedelta(days=days) for days in (-2, 1)],
        "text": TEXTS,
    }
    wanted = {chance.one_of(list(choices)) for _ in range(chance.one_of((0, 0, 1, 1, 2, 3)))}
    return DeskFilter(**{name: chance.one_of(choices[name]) for name in wanted})
