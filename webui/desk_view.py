"""What the desk shows: queues with counts, the list, the chosen item with its tabs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import request, url_for
from flask_babel import lazy_gettext as later

from engine.errors import NotFound
from store.queries import completed_items, people, work_items
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
BY_KEY = {queue.key: queue for _label, queues in QUEUES for queue in queues}


def desk_page(scope: Scope, default: str, *, plain: bool = False) -> dict[str, Any]:
    """Return all that the desk's template needs; ``plain`` reads the first rows of the default queue only."""
    args = {} if plain else request.args
    queue = BY_KEY.get(str(args.get("queue") or default), BY_KEY[default])
    sort = str(args.get("sort") or "due_at")
    number = max(1, int(args.get("page") or 1)) if str(args.get("page") or 1).isdigit() else 1
    text = str(args.get("text") or "").strip()
    page = _page(scope, queue, text, Paging(number, PAGE, sort if sort in dict(SORTS) else "due_at"))
    rows = [_row(row) for row in page.rows]
    if plain:
        return {"rows": rows}
    shown = {"rows": rows, "total": page.total, "page": number, "more": number < page.pages}
    return {
        **shown,
        "groups": _groups(queue),
        "queue_key": queue.key,
        "sort": sort,
        "sorts": SORTS,
        "text": text,
        **_item(scope),
    }


def _page(scope: Scope, queue: Queue, text: str, paging: Paging) -> Any:
    if queue.view == "done":
        return store().read(completed_items.mine, scope, text=text, paging=Paging(paging.number, paging.size))
    before = None
    if queue.days is not None:
        local = now()
        before = (
            local
            if queue.days < 0
            else datetime.combine(local.date() + timedelta(days=queue.days + 1), time(), zone())
        )
    filters = work_items.DeskFilter(text=text or None, due_before=before)
    view: Any = queue.view
    return store().read(
        work_items.desk, scope, store().clock.now(), view=view, filters=filters, paging=paging
    )


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
