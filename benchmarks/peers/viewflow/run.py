"""django-viewflow: flows as Python classes, processes and tasks as rows; its own lock, Django's transactions, PostgreSQL.

Started and completed as its documentation does from code: ``StartHandle.run``, then the activation of the task.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings
from django.core.management import call_command

from benchmarks.timing import CannotDo, Measured, Watch, each, expect, growth, rate, times_of, total, write

PAIRS = 10
BLOB = "帐" * 3_400

Lines = dict[str, Measured]
Sizes = dict[str, int]


def set_up(url: str) -> None:
    """Configure Django for the database and make its tables."""
    place = urlsplit(url)
    settings.configure(
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "viewflow",
            "viewflow.workflow",
            "bench_flows",
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": place.path.lstrip("/"),
                "USER": place.username,
                "HOST": place.hostname,
                "PORT": place.port,
                "CONN_MAX_AGE": None,
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        ROOT_URLCONF=[],
        USE_TZ=True,
    )
    warnings.simplefilter("ignore")
    django.setup()
    call_command("migrate", verbosity=0)


class Flows:
    """The flows and the person who does the work."""

    def __init__(self) -> None:
        """Find them and make the person."""
        from bench_flows import flows  # noqa: PLC0415 - flows and models are there once Django is set up
        from django.contrib.auth.models import User  # noqa: PLC0415
        from viewflow.workflow.models import Process, Task  # noqa: PLC0415

        self.tasks, self.processes = Task, Process
        self.user = User.objects.create(username="manager")

        self.order, self.steps, self.rounds = flows.Order, flows.Steps, flows.Rounds

    def start(self, flow_class: Any, **data: Any) -> int:
        """Start a process in a transaction of its own."""
        from django.db import transaction  # noqa: PLC0415

        with transaction.atomic():
            return int(flow_class.start.run(_process_data=data).pk)

    def complete(self, process: int) -> None:
        """Do the open task of a process as its person, under the flow's lock."""
        task = self.tasks.objects.get(process_id=process, finished__isnull=True)
        with task.activation() as activation:
            activation.assign(self.user)
            activation.start(None)
            activation.execute()

    def finished(self) -> int:
        """Count the processes that have ended."""
        return int(self.processes.objects.filter(status="DONE").count())


def orders(flows: Flows, sizes: Sizes) -> Lines:
    """Measure (a)."""
    count = sizes["instances"]

    def one(amount: int) -> None:
        flows.complete(flows.start(flows.order, amount=amount))

    times_of(one, range(sizes["warm_up"]))
    watch = Watch()
    lines = {"a.one": rate(count, watch, times_of(one, range(count)))}
    watch = Watch()
    for process in [flows.start(flows.order, amount=amount) for amount in range(count)]:
        flows.complete(process)
    lines["a.many"] = rate(count, watch)
    expect(flows.finished(), sizes["warm_up"] + 2 * count, "processes of (a) that ended")
    return lines


def steps(flows: Flows, sizes: Sizes) -> Lines:
    """Measure (b)."""
    count = sizes["instances"]
    tasks = 2 * PAIRS * count

    def together(many: int) -> None:
        given = {"letter": BLOB, "most": many // 2}
        started = [flows.start(flows.steps, amount=amount, **given) for amount in range(many)]
        for _ in range(PAIRS):
            for process in started:
                flows.complete(process)

    for _ in range(sizes["warm_up"]):
        together(1)
    watch = Watch()
    for _ in range(count):
        together(1)
    lines = {"b.one": each(tasks, watch)}
    watch = Watch()
    together(count)
    lines["b.many"] = each(tasks, watch)
    expect(flows.finished(), sizes["warm_up"] + 2 * count, "processes of (b) that ended")
    return lines


def rounds(flows: Flows, sizes: Sizes) -> Lines:
    """Measure (d): the task is a Handle, a save point of its own; as a Function all rounds would be one call stack."""
    count, watch = sizes["rounds"], Watch()
    process, ends = flows.start(flows.rounds, count=0, most=count), [time.perf_counter()]
    for _ in range(count):
        task = flows.tasks.objects.get(process_id=process, finished__isnull=True)
        flows.rounds.work.run(task)
        ends.append(time.perf_counter())
    expect(flows.finished(), 1, "processes of (d) that ended")
    times = [after - before for before, after in pairwise(ends)]
    return {"d.all": total(watch), "d.growth": {"value": growth(times)}}


WORKS: dict[str, Any] = {"a": orders, "b": steps, "d": rounds}
CANNOT = {
    "c": "a split over a list of items is in its PRO edition only",
    "e": "timers need Celery with a broker",
    "f": "a call for each item of a list is in its PRO edition only",
    "g": "its inbox is per flow and has no text search; not measured",
    "h": "flows are Python classes: nothing is deployed",
}


def about() -> dict[str, str]:
    """Return the settings."""
    return {
        "version": version("django-viewflow"),
        "store": "PostgreSQL over loopback, the same server as ours; one kept connection, select_for_update_lock",
        "left out": "history as a chain, jobs: a Function runs in the transaction of the person's step",
    }


def main(work: str, sizes: str, folder: str, out: str, url: str) -> None:
    """Do one work."""
    del folder

    def measure() -> Lines:
        if work not in WORKS:
            raise CannotDo(CANNOT[work])
        set_up(url)
        found: Lines = WORKS[work](Flows(), json.loads(sizes))
        return found

    write(Path(out), measure, about)


if __name__ == "__main__":
    main(*sys.argv[1:6])
