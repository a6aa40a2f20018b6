"""``zhangfang demo``: two clients from the enquiry to the third month's delivery, told step by step and summed up."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from store.clock import TestClock
from webui import installation
from webui.cli_language import say
from webui.cli_server import run_server
from webui.settings import Settings, read_settings

SAMPLES = Path(__file__).resolve().parent.parent.parent / "shared" / "samples"
FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("demo")
@click.option("--headless", is_flag=True)
@click.option("--inputs", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--folder", type=FOLDER)
@click.option("--quiet", is_flag=True)
def demo(*, headless: bool, inputs: Path | None, folder: Path | None, quiet: bool) -> None:
    """See ``cli_language.HELP``."""
    drive, begin = (
        installation.plugin("zhangfang.demo", "drive"),
        installation.plugin("zhangfang.demo", "begin"),
    )
    samples = inputs or (SAMPLES if SAMPLES.is_dir() else None)
    with _folder(folder) as place:
        settings = _settings(place)
        clock = TestClock(begin)
        with installation.opened(settings, clock) as store:
            if installation.is_empty(store):
                installation.set_up(store)
            console = Console(highlight=False, soft_wrap=True)
            found = drive(
                store, clock, place, inputs=samples, tell=_silent if quiet else _teller(console, settings)
            )
            _show(console, found)
        if not headless:
            with installation.opened(settings) as store:
                run_server(store, settings)
    if found.broken:
        raise SystemExit(1)


@contextmanager
def _folder(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="zhangfang-demo-") as made:
        yield Path(made)


def _settings(folder: Path) -> Settings:
    told = read_settings({"ZHANGFANG_DATA_FOLDER": str(folder)})
    return replace(told, demo=True)


def _teller(console: Console, settings: Settings) -> Any:
    def tell(at: datetime, who: str, what: str, about: str) -> None:
        console.print(f"{at.astimezone(settings.zone):%m-%d %H:%M}  {who}  {what}  {about}", markup=False)

    return tell


def _silent(at: datetime, who: str, what: str, about: str) -> None:
    del at, who, what, about


def _show(console: Console, found: Any) -> None:
    titles = {
        "instances": (say("流程实例", "Instances"), ("process", "state", "n")),
        "items": (say("各岗位完成的工作", "Work items done by role"), ("role", "n")),
        "invoices": (say("发票", "Invoices"), ("client", "period", "state", "n")),
        "bank_lines": (say("银行流水", "Bank lines"), ("client", "state", "n")),
        "books": (say("已过账凭证", "Vouchers posted"), ("client", "period", "n", "debit", "credit")),
        "taxes": (say("税款", "Taxes"), ("client", "period", "tax", "amount", "state", "receipt")),
        "surveys": (say("满意度", "Surveys"), ("client", "score")),
        "documents": (say("产生的文件", "Documents"), ("client", "period", "file", "path")),
    }
    for name, (title, columns) in titles.items():
        table = Table(*columns, title=title, title_justify="left")
        for row in getattr(found, name):
            table.add_row(*(_cell(value) for value in row))
        console.print(table)
    for sentence in found.broken:
        console.print(f"✗ {sentence}", markup=False)
    console.print(
        say("有不成立的地方。", "Something does not hold.")
        if found.broken
        else say(
            "✓ 全部成立：借贷相等，没有异常，月份已结，申报已办。",
            "✓ All holds: debits equal credits, no incident, months closed, returns done.",
        )
    )


def _cell(value: Any) -> str:
    return f"{value:,.2f}" if hasattr(value, "quantize") else str(value)


COMMANDS = (demo,)
