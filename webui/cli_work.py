"""Commands that do a piece of the firm's work: start an instance, import papers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from rich.progress import Progress

from engine import feel
from engine.commands import instances
from engine.errors import InvalidInput, NotFound
from store.queries import clients
from store.queries.scope import Scope
from store.unit_of_work import Store
from webui import installation
from webui.cli_language import say
from webui.settings import read_settings

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("start")
@click.argument("process")
@click.option("--client")
@click.option("--period")
@click.option("--var", "variables", multiple=True)
def start(*, process: str, client: str | None, period: str | None, variables: tuple[str, ...]) -> None:
    """See ``cli_language.HELP``."""
    with installation.opened(read_settings()) as store:
        known = _client(store, client) if client else None
        started = store.run(
            instances.start, process, _values(variables), by=None, client=known, period=period
        )
    click.echo(say(f"已发起 {process}：{started}", f"Started {process}: {started}"))


@click.command("import-invoice")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--client", required=True)
@click.option("--period", required=True)
def import_invoice(*, files: tuple[Path, ...], client: str, period: str) -> None:
    """See ``cli_language.HELP``."""
    take_in = installation.plugin("zhangfang.imports", "invoice")
    counts: Counter[str] = Counter()
    with installation.opened(read_settings()) as store, Progress(transient=True) as progress:
        owner = _client(store, client)
        for file in progress.track(files, description=say("导入发票", "Importing invoices")):
            outcome = store.run(take_in, file.read_bytes(), file.name, client=owner, period=period)
            counts[outcome.state] += 1
            if outcome.exception is not None:
                progress.console.print(f"{file.name}: {outcome.exception['reason']}", markup=False)
    read, twice, left = counts["read"], counts["duplicate"], counts["exception"]
    click.echo(
        say(
            f"读入 {read}，重复 {twice}，待处理 {left}。",
            f"Read {read}, duplicates {twice}, exceptions {left}.",
        )
    )


@click.command("import-bank")
@click.argument("file", type=FILE)
@click.option("--client", required=True)
@click.option("--period", required=True)
@click.option("--profile")
@click.option("--account")
def import_bank(*, file: Path, client: str, period: str, profile: str | None, account: str | None) -> None:
    """See ``cli_language.HELP``."""
    take_in = installation.plugin("zhangfang.imports", "bank")
    chosen = {name: value for name, value in (("profile", profile), ("account", account)) if value}
    with installation.opened(read_settings()) as store:
        owner = _client(store, client)
        outcome = store.run(take_in, file.read_bytes(), file.name, client=owner, period=period, **chosen)
    for exception in outcome.exceptions:
        click.echo(f"{exception['subject']}: {exception['reason']}")
    left = len(outcome.exceptions)
    click.echo(
        say(f"读入 {outcome.read} 笔，待处理 {left}。", f"Read {outcome.read} movements, exceptions {left}.")
    )


def _client(store: Store, code: str) -> UUID:
    everything = Scope(person_id=UUID(int=0), login="", all_clients=True)
    found = store.read(clients.by_code, everything, code)
    if found is None:
        raise NotFound(say(f"没有编号为「{code}」的客户。", f"There is no client with the code «{code}»."))
    return found.id


def _values(texts: Iterable[str]) -> dict[str, Any]:
    found = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise InvalidInput(
                say(f"--var {text!r} 要写成 名=值。", f"--var {text!r} must be written name=value.")
            )
        found[name.strip()] = feel.compile(value).evaluate({}, feel.DEFAULT)
    return found


COMMANDS = (start, import_invoice, import_bank)
