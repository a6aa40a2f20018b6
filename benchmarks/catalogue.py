"""What is measured: the works, the lines of the table that each gives, their sizes, and the systems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Sizes = dict[str, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. ``goal`` is the figure that this project wants of itself on the machine of two cores."""

    key: str
    zh: str
    en: str
    unit: str
    better: Literal["more", "less"]
    goal: float | None = None


@dataclass(frozen=True, slots=True)
class Work:
    """One piece of work that systems do. ``zh`` and ``en`` are its name, with the sizes in braces."""

    letter: str
    zh: str
    en: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class System:
    """One system. ``runner``: 'ours' and 'spiff' run in the project's environment, others in one of their own."""

    key: str
    name: str
    runner: Literal["ours", "spiff", "python", "node"]
    postgresql: bool = False


WORKS = (
    Work(
        "a",
        "开始→人工→服务→结束，{instances} 个实例",
        "start, user task, service task, end; {instances} instances",
        (
            Line("a.one", "逐个", "one after the other", "/s", "more", 500),
            Line("a.many", "并行", "side by side", "/s", "more", 500),
        ),
    ),
    Work(
        "b",
        "20 任务 10 网关 10 KB，每个任务",
        "20 tasks, 10 gateways, 10 KB of variables",
        (
            Line("b.one", "逐个", "one after the other, a task", "ms", "less"),
            Line("b.many", "并行", "side by side, a task", "ms", "less"),
            Line("b.alone", "仅引擎", "the engine alone, a task", "ms", "less", 1),
        ),
    ),
    Work(
        "c",
        "并行多实例服务任务",
        "parallel multi-instance service task",
        (
            Line("c.few", "{few} 项", "{few} items", "s", "less"),
            Line("c.many", "{many} 项", "{many} items", "s", "less", 1.5),
        ),
    ),
    Work(
        "d",
        "循环 {rounds} 轮",
        "loop of {rounds} rounds",
        (
            Line("d.all", "全部", "all rounds", "s", "less"),
            Line("d.growth", "末十分之一／首十分之一", "last tenth : first tenth", "×", "less", 1.5),
        ),
    ),
    Work(
        "e",
        "{waiting} 个等待，{due} 个同秒到期",
        "{waiting} waiting instances, {due} due in the same second",
        (
            Line("e.idle", "空闲 CPU", "idle CPU", "%", "less", 1),
            Line("e.late", "到期延迟 p99", "lateness of timers, p99", "s", "less", 5),
        ),
    ),
    Work(
        "f",
        "一次调用开启 {children} 个子实例",
        "{children} children started by one call",
        (Line("f.all", "开月", "opening a month", "s", "less", 20),),
    ),
    Work(
        "g",
        "工作台：待办 {open} 已办 {closed}",
        "the desk: {open} open, {closed} closed items",
        (
            Line("g.p50", "所有筛选 p50", "all filters, p50", "ms", "less"),
            Line("g.all", "所有筛选 p95", "all filters, p95", "ms", "less", 30),
            Line("g.p95", "最慢筛选 p95", "slowest filter, p95", "ms", "less", 30),
        ),
    ),
    Work(
        "h",
        "冷部署 {processes} 个流程",
        "deploying {processes} processes cold",
        (Line("h.all", "部署", "deployment", "s", "less", 2),),
    ),
)

SYSTEMS = (
    System("sqlite", "账房 Zhangfang · SQLite", "ours"),
    System("postgresql", "账房 Zhangfang · PostgreSQL", "ours", postgresql=True),
    System("spiff", "SpiffWorkflow + one blob row", "spiff"),
    System("viewflow", "django-viewflow", "python", postgresql=True),
    System("dbos", "DBOS", "python", postgresql=True),
    System("bpmn-engine", "bpmn-engine", "node"),
)
YARDSTICK = "spiff"

FULL: dict[str, Sizes] = {
    "a": {"instances": 1_000, "warm_up": 50},
    "b": {"instances": 20, "warm_up": 2},
    "c": {"few": 300, "many": 1_000},
    "d": {"rounds": 1_000},
    "e": {"waiting": 100_000, "due": 10_000, "idle_seconds": 30},
    "f": {"children": 5_000},
    "g": {"open": 100_000, "closed": 1_000_000, "clients": 5_000, "people": 3, "rounds": 20},
    "h": {"processes": 50},
}
QUICK: dict[str, Sizes] = {
    "a": {"instances": 100, "warm_up": 10},
    "b": {"instances": 4, "warm_up": 1},
    "c": {"few": 100, "many": 300},
    "d": {"rounds": 200},
    "e": {"waiting": 2_000, "due": 500, "idle_seconds": 3},
    "f": {"children": 300},
    "g": {"open": 3_000, "closed": 10_000, "clients": 100, "people": 2, "rounds": 3},
    "h": {"processes": 15},
}
LONGEST, LONGEST_QUICK = 600, 20
"""Seconds after which a process is stopped, and «longer than that» is its figure; ours may take ten times that."""
