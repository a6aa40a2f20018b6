"""Commands that do a piece of the firm's work: start an instance, import papers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from engine import feel
from engine.commands import instances
from engine.errors import InvalidInput, NotFound
from store.queries import clients
from store.queries.scope import EVERYTHING
from store.unit_of_work import Store
from webui import installation
from webui.cli_language import say
from webui.cli_progress import busy, track
from webui.sentences import in_chinese
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
        started = store.run(instances.start, process, values(variables), by=None, client=known, period=period)
    click.echo(say(f"已发起 {process}：{started}", f"Started {process}: {started}"))


@click.command("import-invoice")
@click.argument("files", nargs=-1, required=True, type=FILE)
@click.option("--client")
@click.option("--period")
def import_invoice(*, files: tuple[Path, ...], client: str | None, period: str | None) -> None:
    """See ``cli_language.HELP``."""
    take_in = installation.plugin("zhangfang.imports", "invoice")
    counts: Counter[str] = Counter()
    told: list[str] = []
    with installation.opened(read_settings()) as store:
        named = _client(store, client) if client else None
        for file in track(files, "导入发票", "Importing invoices"):
            body = file.read_bytes()
            try:
                owners = [(named, period)] if named and period else _owners(store, body, named, period)
                for owner, month in owners:
                    outcome = store.run(take_in, body, file.name, client=owner, period=month)
                    counts[outcome.state] += 1
                    if outcome.exception is not None:
                        told.append(f"{file.name}: {outcome.exception['reason']}")
            except InvalidInput as error:
                counts["refused"] += 1
                told.append(f"{file.name}: {say('没有收下', 'not kept')}: {_told(error)}")
    _sum_up(told, _invoice_counts(counts))
    if counts["refused"]:
        raise SystemExit(2)


def _owners(store: Store, body: bytes, named: UUID | None, period: str | None) -> list[tuple[UUID, str]]:
    """Find whose books a file belongs to and its month, as far as they were not said."""
    found = store.read(installation.plugin("zhangfang.imports", "owners"), body)
    if named is not None:
        month = next((each.period for each in found), None)
        if month is None:
            raise InvalidInput(
                say("看不出所属月份；请给出 --period。", "Its month cannot be told; give --period.")
            )
        return [(named, month)]
    if not found:
        raise InvalidInput(
            say("购销双方都不是客户；请给出 --client。", "Neither party is a client; give --client.")
        )
    return [(each.client, period or each.period) for each in found]


def _invoice_counts(counts: Counter[str]) -> str:
    read, twice, left, refused = (counts[name] for name in ("read", "duplicate", "exception", "refused"))
    return say(
        f"读入 {read}，重复 {twice}，待处理 {left}，没有收下 {refused}。",
        f"Read {read}, duplicates {twice}, exceptions {left}, not kept {refused}.",
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
    with busy("导入流水", "Importing the statement"), installation.opened(read_settings()) as store:
        owner = _client(store, client)
        outcome = store.run(take_in, file.read_bytes(), file.name, client=owner, period=period, **chosen)
    left = len(outcome.exceptions)
    _sum_up(
        [f"{each['subject']}: {each['reason']}" for each in outcome.exceptions],
        say(
            f"读入 {outcome.read} 笔，已有 {outcome.known} 笔，待处理 {left}。",
            f"Read {outcome.read} movements, known before {outcome.known}, exceptions {left}.",
        ),
    )


def _told(error: InvalidInput) -> str:
    return say(getattr(error, "zh", "") or in_chinese(str(error)), str(error))


def _sum_up(told: Iterable[str], counts: str) -> None:
    for sentence in told:
        click.echo(sentence)
    click.echo(counts)


def _client(store: Store, code: str) -> UUID:
    found = store.read(clients.by_code, EVERYTHING, code)
    if found is None:
        raise NotFound(say(f"没有编号为「{code}」的客户。", f"There is no client with the code «{code}»."))
    return found.id


def values(texts: Iterable[str]) -> dict[str, Any]:
    """Return the variables that are written as name=FEEL."""
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
