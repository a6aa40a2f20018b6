"""Every page of the staff, by a name for its picture."""

from __future__ import annotations

from urllib.parse import quote

EDITORS = {
    "studio_process": "monthly_collection/monthly_collection.bpmn",
    "studio_decision": "client_intake/quote.dmn",
    "studio_form": "tax_filing/forms/confirm_tax.form",
}


def pages(collection: object) -> dict[str, str]:
    """Return the addresses of all pages; ``collection`` is an instance to look at."""
    tabs = ("timeline", "documents", "books", "tax", "contracts", "contacts", "surveys")
    return {
        "desk": "/desk",
        "team": "/team?queue=waiting",
        "clients": "/clients/",
        "client_new": "/clients/new",
        "client_edit": "/clients/C0001/edit",
        **{f"client_{tab}": f"/clients/C0001?tab={tab}" for tab in tabs},
        "instances": "/instances/",
        "instance": f"/instances/{collection}",
        "tokens": f"/instances/{collection}/tokens",
        "move": f"/instances/{collection}/move?token=11",
        "skip": f"/instances/{collection}/skip?token=11",
        "repeat": f"/instances/{collection}/repeat?token=11",
        "restart": f"/instances/{collection}/restart/",
        "processes": "/processes/",
        "process": "/processes/monthly_collection?heat=time",
        "start": "/processes/monthly_collection/start",
        "operate": "/processes/complaint/operate",
        "migrate": "/processes/complaint/migrate",
        "decisions": "/decisions/",
        "try": f"/try/?instance={collection}",
        "operations": "/operations/",
        "jobs": "/operations/?tab=jobs",
        "timers": "/operations/?tab=timers",
        "studio": "/studio/",
        "deploy": "/studio/deploy",
        **{name: f"/studio/edit?path={quote(path)}" for name, path in EDITORS.items()},
        "handbook": "/handbook/monthly_collection",
        "handbook_contents": "/handbook/",
        "handbook_search": "/handbook/?q=" + quote("退回"),
        "handbook_print": "/handbook/print",
        "people": "/people/",
        "person": "/people/wang",
        "grants": "/people/grants",
        "settings": "/settings/",
        "search": "/search/?q=" + quote("云朵"),
        "me": "/me",
    }
