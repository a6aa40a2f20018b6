"""``zhangfang demo``: two clients from the enquiry to the third month's delivery, told step by step and summed up."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from engine.errors import InvalidInput
from store.clock import TestClock
from webui import installation
from webui.cli_language import say
from webui.cli_server import run_server
from webui.settings import Settings, read_settings

DATABASE = "zhangfang.db"
WIDE = 160
FOLDER = click.Path(file_okay=False, path_type=Path)


_COLUMNS = {
    "process": ("流程", "process"),
    "state": ("状态", "state"),
    "count": ("数量", "number"),
    "role": ("岗位", "role"),
    "client": ("客户", "client"),
    "period": ("期间", "period"),
    "debit": ("借方", "debit"),
    "credit": ("贷方", "credit"),
    "tax": ("税种", "tax"),
    "amount": ("金额", "amount"),
    "receipt": ("申报回执", "receipt"),
    "score": ("得分", "score"),
    "subject": ("事项", "about"),
    "reason": ("原因", "reason"),
    "outcome": ("处理结果", "outcome"),
}
_TABLES = {
    "instances": (("流程实例", "Instances"), ("process", "state", "count")),
    "items": (("各岗位完成的工作", "Work items done by role"), ("role", "count")),
    "invoices": (("发票", "Invoices"), ("client", "period", "state", "count")),
    "bank_lines": (("银行流水", "Bank lines"), ("client", "state", "count")),
    "exceptions": (("异常", "Exceptions"), ("client", "subject", "reason", "outcome")),
    "books": (("已过账凭证", "Vouchers posted"), ("client", "period", "count", "debit", "credit")),
    "taxes": (("税款", "Taxes"), ("client", "period", "tax", "amount", "state", "receipt")),
    "surveys": (("满意度", "Surveys"), ("client", "score")),
}


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
    place = _empty(folder or read_settings().data_folder / "demo", own=folder is None)
    settings = _settings(place)
    clock = TestClock(begin)
    console = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else WIDE)
    with installation.opened(settings, clock) as store:
        installation.set_up(store, installation.address_of(settings))
        tell = _silent if quiet else _teller(console, settings)
        found = drive(store, clock, place, inputs=inputs, tell=tell, say=say)
        _show(console, found)
    if not headless:
        with installation.opened(settings) as store:
            run_server(store, settings)
    if found.broken:
        raise SystemExit(1)


def _empty(folder: Path, *, own: bool) -> Path:
    """Return a folder that holds nothing: the demo's own one is made anew, somebody else's must be empty."""
    if own and (folder / DATABASE).exists():
        shutil.rmtree(folder)
    if folder.exists() and any(folder.iterdir()):
        raise InvalidInput(
            say(f"{folder} 不是空目录；请另选一个。", f"{folder} is not empty; choose another folder.")
        )
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _settings(folder: Path) -> Settings:
    """Return the installation's settings with everything that is kept in the demo's folder instead."""
    kept = read_settings({"ZHANGFANG_DATA_FOLDER": str(folder)})
    return replace(
        read_settings(),
        data_folder=kept.data_folder,
        database_url=kept.database_url,
        documents_folder=kept.documents_folder,
        mail_outbox=kept.mail_outbox,
        smtp_url="",
        secret_key=kept.secret_key,
        demo=True,
    )


def _teller(console: Console, settings: Settings) -> Any:
    def tell(at: datetime, who: str, what: str, about: str) -> None:
        step = f"{at.astimezone(settings.zone):%m-%d %H:%M}  {who}  {what}  {about}"
        console.print(step.rstrip(), markup=False)

    return tell


def _silent(at: datetime, who: str, what: str, about: str) -> None:
    del at, who, what, about


def _show(console: Console, found: Any) -> None:
    for name, (title, columns) in _TABLES.items():
        table = Table(
            *(say(*_COLUMNS[column]) for column in columns), title=say(*title), title_justify="left"
        )
        for row in getattr(found, name):
            table.add_row(*(_cell(value, found.names) for value in row))
        console.print(table)
    console.print(say("产生的文件", "Documents"), style="italic")
    for row in found.documents:
        console.print("  ".join(row), markup=False)
    for sentence in found.broken:
        console.print(f"✗ {say(*sentence)}", markup=False)
    console.print(
        say("有不成立的地方。", "Something does not hold.")
        if found.broken
        else say(
            "✓ 全部成立：借贷相等，没有未处理的异常事件，每项异常都有结果，月份已结，申报已办。",
            "✓ All holds: debits equal credits, no incident, every exception settled, months closed, returns done.",
        )
    )


def _cell(value: Any, names: Callable[[str], str]) -> str:
    return f"{value:,.2f}" if hasattr(value, "quantize") else names(str(value))


COMMANDS = (demo,)
