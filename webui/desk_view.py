"""What the desk shows: queues with counts, the list, the chosen item with its tabs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import lazy_gettext as later

from engine.errors import NotFound
from store.queries import completed_items, definitions, people, work_items
from store.queries.desk_filter import DeskFilter
from store.queries.paging import Paging
from store.queries.scope import Scope
from webui import drawings
from webui.counters import desk_counts
from webui.formats import now, zone
from webui.item_view import item_page
from webui.place import store

PAGE = 50
SORTS: tuple[tuple[str, Any], ...] = (
    ("due_at", later("按期限")),
    ("-priority", later("按优先级")),
    ("client", later("按客户")),
    ("process", later("按流程")),
    ("-opened_at", later("最新到达")),
)


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue of the left pane: a view of the query, perhaps with a limit on the due time."""

    key: str
    label: Any
    view: str
    count: str = ""
    days: int | None = None
    kind: str = ""


QUEUES: tuple[tuple[Any, tuple[Queue, ...]], ...] = (
    (
        later("队列"),
        (
            Queue("mine", later("我的"), "mine", "mine"),
            Queue("unassigned", later("待领取"), "unassigned", "unassigned"),
            Queue("team", later("团队"), "team"),
        ),
    ),
    (
        later("期限"),
        (
            Queue("overdue", later("逾期"), "mine", "overdue", days=-1, kind="late"),
            Queue("today", later("今天"), "mine", days=0),
            Queue("week", later("本周"), "mine", days=6),
        ),
    ),
    (
        later("其他"),
        (
            Queue("waiting", later("等待客户"), "waiting"),
            Queue("postponed", later("已暂缓"), "postponed", "postponed"),
            Queue("late", later("全部逾期"), "overdue"),
            Queue("done", later("已完成"), "done"),
        ),
    ),
)
FILTERS = ("text", "process", "role", "assignee", "period")
KEPT = (*FILTERS, "queue", "sort")
BY_KEY = {queue.key: queue for _label, queues in QUEUES for queue in queues}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the desk asks for."""

    queue: Queue
    sort: str
    page: int
    text: str
    process: str
    role: str
    assignee: str
    period: str

    @property
    def narrowed(self) -> dict[str, str]:
        """The filters that are on, as arguments of the address."""
        found = {"process": self.process, "role": self.role, "assignee": self.assignee, "period": self.period}
        return {name: value for name, value in found.items() if value}


def asked(args: Mapping[str, str], default: str) -> Asked:
    """Return what is asked for; what the desk does not know is left out."""
    page, sort = args.get("page", "1"), args.get("sort", "due_at")
    return Asked(
        queue=BY_KEY.get(args.get("queue") or default, BY_KEY[default]),
        sort=sort if sort in dict(SORTS) else "due_at",
        page=max(1, int(page)) if page.isdigit() else 1,
        **{name: args.get(name, "").strip() for name in FILTERS},
    )


def desk_page(scope: Scope, default: str) -> dict[str, Any]:
    """Return all that the desk's template needs."""
    wanted = asked(request.args, default)
    page = _page(scope, wanted)
    return {
        "rows": [_row(row) for row in page.rows],
        "total": page.total,
        "page": wanted.page,
        "more": page.more,
        "uncounted": page.uncounted,
        "asked": wanted,
        "groups": _groups(wanted.queue),
        "saved": [_saved(row) for row in store().read(work_items.saved_filters, scope.person_id)],
        "keeping": {name: value for name, value in request.args.items() if name in KEPT},
        "sorts": SORTS,
        "processes": _processes(),
        "roles": sorted(scope.roles),
        "tomorrow": (now() + timedelta(days=1)).date().isoformat(),
        **_item(scope),
    }


def first_of_mine(scope: Scope) -> list[UUID]:
    """Return the first items of the person's own list, the most urgent first."""
    page = _page(scope, asked({}, "mine"))
    return [row.id for row in page.rows]


def _page(scope: Scope, wanted: Asked) -> Any:
    paging = Paging(wanted.page, PAGE, wanted.sort)
    if wanted.queue.view == "done":
        return store().read(completed_items.mine, scope, text=wanted.text, paging=paging)
    filters = DeskFilter(
        text=wanted.text or None,
        process=wanted.process or None,
        role=wanted.role or None,
        assignee=wanted.assignee or None,
        period=wanted.period or None,
        due_before=_before(wanted.queue),
    )
    view: Any = wanted.queue.view
    return store().read(
        work_items.desk, scope, store().clock.now(), view=view, filters=filters, paging=paging
    )


def _before(queue: Queue) -> datetime | None:
    if queue.days is None:
        return None
    local = now()
    if queue.days < 0:
        return local
    return datetime.combine(local.date() + timedelta(days=queue.days + 1), time(), zone())


def _saved(row: work_items.FilterRow) -> SimpleNamespace:
    known: dict[str, Any] = {name: str(value) for name, value in row.query.items() if name in KEPT}
    url = url_for("work_items.desk", **known)
    current = all(request.args.get(name) == value for name, value in known.items()) and bool(known)
    return SimpleNamespace(id=row.id, name=row.name, url=url, current=current)


def _processes() -> list[SimpleNamespace]:
    rows = store().read(definitions.list_, "process")
    return [SimpleNamespace(key=row.key, title=drawings.process_name(row.id, row.name)) for row in rows]


def _row(row: Any) -> SimpleNamespace:
    """Return a row with its names in the page's language."""
    return SimpleNamespace(
        **{name: getattr(row, name) for name in row.__dataclass_fields__},
        done=not hasattr(row, "suspended"),
        shown_name=drawings.element_name(row.definition_id, row.element, row.name),
        shown_process=drawings.process_name(row.definition_id, row.process_name),
    )


def _groups(current: Queue) -> list[dict[str, Any]]:
    counts = asdict(desk_counts())

    def line(queue: Queue) -> dict[str, Any]:
        url = url_for(request.endpoint or "work_items.desk", queue=queue.key)
        count = counts.get(queue.count) if queue.count else None
        return {
            "label": queue.label,
            "url": url,
            "count": count,
            "kind": queue.kind if count else "",
            "current": queue is current,
        }

    return [{"label": label, "queues": [line(queue) for queue in queues]} for label, queues in QUEUES]


def _item(scope: Scope) -> dict[str, Any]:
    colleagues = {"colleagues": store().read(people.list_)}
    if not request.args.get("item"):
        return {"item": None, **colleagues}
    try:
        item_id = UUID(request.args["item"])
    except ValueError:
        raise NotFound(f"There is no work item «{request.args['item']}».") from None
    return item_page(scope, item_id) | colleagues
