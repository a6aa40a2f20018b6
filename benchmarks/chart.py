"""The chart: one small panel for each line of the table, a bar for each system."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from benchmarks.report import number

COLOURS = {
    "sqlite": "#1f6f5c",
    "postgresql": "#4fa58d",
    "spiff": "#8a8f98",
    "viewflow": "#c79a5b",
    "dbos": "#b3705e",
    "bpmn-engine": "#7a86b8",
}
SHORT = {
    "sqlite": "账房 · SQLite",
    "postgresql": "账房 · PostgreSQL",
    "spiff": "SpiffWorkflow + blob",
    "viewflow": "django-viewflow",
    "dbos": "DBOS",
    "bpmn-engine": "bpmn-engine",
}
CHINESE = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Microsoft YaHei",
)
INK, FAINT, GOAL = "#22262b", "#6b7280", "#b4342d"
COLUMNS, WIDTH, ROW_HEIGHT = 3, 16, 0.30


def draw(found: Any, out: Path) -> None:
    """Draw a run into a PNG."""
    panels = [(work, line) for work in found["works"] for line in work["lines"]]
    keys, rows = list(found["systems"]), -(-len(panels) // COLUMNS)
    with mpl.rc_context({"font.family": _fonts(), "axes.unicode_minus": False, "font.size": 10}):
        height = 1.3 + rows * (1.15 + ROW_HEIGHT * len(keys))
        figure = Figure(figsize=(WIDTH, height))
        figure.set_layout_engine(ConstrainedLayoutEngine(w_pad=0.18, h_pad=0.14, hspace=0.03))
        axes = figure.subplots(rows, COLUMNS, squeeze=False).flatten()
        for axis, (work, line) in zip(axes, panels, strict=False):
            _panel(axis, work, line, keys)
        for axis in axes[len(panels) :]:
            axis.set_axis_off()
        _title(figure, found)
        figure.savefig(out, dpi=110)


def _fonts() -> list[str]:
    known = {font.name for font in font_manager.fontManager.ttflist}
    return [*(name for name in CHINESE if name in known), "DejaVu Sans"]


def _title(figure: Figure, found: Any) -> None:
    machine = found["machine"]
    figure.suptitle(
        f"账房 Zhangfang · make bench{' (quick)' if found['quick'] else ''}\n",
        fontsize=17,
        color=INK,
        weight="bold",
    )
    about = (
        f"{found['date'][:10]} · {found['commit']} · {machine['processor']} · {machine['cores']} cores · "
        f"Python {machine['python']} · 括号内为同次运行中 SpiffWorkflow + blob 的倍数，越大越好 "
        "(×: times as good as SpiffWorkflow + one blob row in the same run)"
    )
    figure.text(0.5, 1 - 0.62 / figure.get_figheight(), about, ha="center", fontsize=9.5, color=FAINT)


def _panel(axis: Axes, work: Any, line: Any, keys: list[str]) -> None:
    values = [line["systems"].get(key, {}).get("value") for key in keys]
    most = max([value for value in values if value is not None], default=1) or 1
    for place, (key, value) in enumerate(zip(keys, values, strict=True)):
        y = len(keys) - 1 - place
        if value is None:
            axis.text(0, y, f" —  {_reason(line, key)}", va="center", fontsize=8.5, color=FAINT)
        else:
            axis.barh(y, value, height=0.66, color=COLOURS[key])
            axis.text(value + most * 0.015, y, _label(line, key, value), va="center", fontsize=9.5, color=INK)
    if line["goal"] is not None and line["goal"] <= most:
        axis.axvline(line["goal"], color=GOAL, linewidth=1, linestyle=(0, (4, 3)))
    axis.set_yticks(range(len(keys)), [SHORT[key] for key in reversed(keys)], fontsize=9.5, color=INK)
    axis.set_xlim(0, most * 1.38)
    axis.set_ylim(-0.6, len(keys) - 0.4)
    axis.set_xticks([])
    axis.spines[["top", "right", "bottom"]].set_visible(False)
    axis.spines["left"].set_color("#d0d4d9")
    axis.tick_params(length=0)
    _heading(axis, work, line)


def _heading(axis: Axes, work: Any, line: Any) -> None:
    better = "越大越好 more is better" if line["better"] == "more" else "越小越好 less is better"
    goal = "" if line["goal"] is None else f" · 目标 goal {line['goal']:g} {line['unit']}"
    axis.set_title(
        f"({work['work']}) {work['zh']}：{line['zh']}",
        loc="left",
        fontsize=10,
        color=INK,
        weight="bold",
        pad=32,
    )
    axis.annotate(
        f"{work['en']}: {line['en']}\n{line['unit']} · {better}{goal}",
        (0, 1),
        xytext=(0, 4),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=8.5,
        color=FAINT,
        va="bottom",
        ha="left",
    )


def _label(line: Any, key: str, value: float) -> str:
    ratio = line["systems"][key].get("times_as_good")
    return f"{number(value)} {line['unit']}" + (f"  ({ratio:.2g}×)" if ratio is not None else "")


def _reason(line: Any, key: str) -> str:
    reason = str(line["systems"].get(key, {}).get("cannot", "not measured"))
    return reason if len(reason) <= 60 else reason[:58] + "…"  # noqa: PLR2004 - what a panel holds
