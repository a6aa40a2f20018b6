"""What the screen and the file say of a run."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import subprocess
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.catalogue import YARDSTICK, Line, Sizes, System, Work
from store.clock import SystemClock

ROOT = Path(__file__).parent.parent
Results = dict[str, dict[str, dict[str, Any]]]
"""Work → system → what it measured."""


def body(
    works: list[Work], systems: list[System], sizes: dict[str, Sizes], results: Results, *, quick: bool
) -> Any:
    """Return all that a run found, for the file."""
    return {
        "commit": _commit(),
        "date": SystemClock().now().isoformat(timespec="seconds"),
        "quick": quick,
        "machine": machine(),
        "systems": {
            system.key: {
                "name": system.name,
                "settings": next(
                    (found["settings"] for found in _of(results, system) if "settings" in found), {}
                ),
            }
            for system in systems
        },
        "works": [
            {
                "work": work.letter,
                "commit": _commit(),
                "date": SystemClock().now().isoformat(timespec="seconds"),
                "zh": work.zh.format(**sizes[work.letter]),
                "en": work.en.format(**sizes[work.letter]),
                "sizes": sizes[work.letter],
                "lines": [_line(line, sizes[work.letter], results[work.letter]) for line in work.lines],
            }
            for work in works
        ],
    }


def renewed(before: Any, found: Any) -> Any:
    """Return an earlier run with the works of a later one in their places; each work says when it was done."""
    later = {work["work"]: work for work in found["works"]}
    works = [later.get(work["work"], work) for work in before["works"]]
    systems = {
        key: each if each["settings"] else before["systems"][key] for key, each in found["systems"].items()
    }
    return {**before, **found, "works": works, "systems": systems}


def _of(results: Results, system: System) -> list[dict[str, Any]]:
    return [found[system.key] for found in results.values() if system.key in found]


def _line(line: Line, sizes: Sizes, found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    yardstick = found.get(YARDSTICK, {}).get("lines", {}).get(line.key, {}).get("value")
    return {
        "line": line.key,
        "zh": line.zh.format(**sizes),
        "en": line.en.format(**sizes),
        "unit": line.unit,
        "better": line.better,
        "goal": line.goal,
        "systems": {key: _figure(line, result, yardstick) for key, result in found.items()},
    }


def _figure(line: Line, result: dict[str, Any], yardstick: float | None) -> dict[str, Any]:
    if line.key not in result.get("lines", {}):
        return {"cannot": result.get("cannot", "not measured")}
    figure = dict(result["lines"][line.key])
    if yardstick and figure["value"]:
        times = figure["value"] / yardstick
        figure["times_as_good"] = times if line.better == "more" else 1 / times
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in figure.items()}


def show(found: Any) -> None:
    """Print the table and why a dash is a dash."""
    keys = list(found["systems"])
    table = Table(title="账房 Zhangfang · make bench" + (" (quick)" if found["quick"] else ""))
    table.add_column("work")
    for key in keys:
        table.add_column(found["systems"][key]["name"], justify="right")
    reasons: dict[str, str] = {}
    for work in found["works"]:
        table.add_section()
        table.add_row(f"[bold]({work['work']}) {work['en']}[/bold]")
        for line in work["lines"]:
            table.add_row(f"  {line['en']}{_goal(line)}", *(_cell(line, key) for key in keys))
            for key in keys:
                if "cannot" in line["systems"].get(key, {}):
                    reasons[f"({work['work']}) {found['systems'][key]['name']}"] = line["systems"][key][
                        "cannot"
                    ]
    console = Console(width=max(150, shutil.get_terminal_size().columns))
    console.print(table)
    console.print("In brackets: how many times as good as SpiffWorkflow with one blob row in the same run.")
    for who, reason in reasons.items():
        console.print(f"— {who}: {reason}", highlight=False)
    for key in keys:
        settings = ", ".join(f"{name} {value}" for name, value in found["systems"][key]["settings"].items())
        console.print(f"{found['systems'][key]['name']}: {settings}", highlight=False)


def _goal(line: dict[str, Any]) -> str:
    if line["goal"] is None:
        return ""
    return f" [dim](goal {'≥' if line['better'] == 'more' else '≤'} {line['goal']:g} {line['unit']})[/dim]"


def _cell(line: dict[str, Any], key: str) -> str:
    figure = line["systems"].get(key)
    if figure is None:
        return ""
    if "cannot" in figure:
        return "—"
    ratio = f" ({figure['times_as_good']:.2g}×)" if "times_as_good" in figure else ""
    return f"{number(figure['value'])} {line['unit']}{ratio}"


def number(value: float) -> str:
    """Return a figure with three digits that matter."""
    if value >= 100:  # noqa: PLR2004 - three digits
        return f"{value:,.0f}"
    return f"{value:.3g}"


def machine() -> dict[str, Any]:
    """Return what the figures were measured on."""
    described = Path("/proc/cpuinfo")
    lines = described.read_text().splitlines() if described.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": models[0] if models else platform.processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(memory, 1),
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "load_before": round(os.getloadavg()[0], 2),
    }


def _commit() -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    asked = [git, "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=12"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
