"""Commands for operators: carry instances over to another version, suspend, resume and cancel them, one or all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any
from uuid import UUID

import click

from engine.bpmn.migrating import Finding
from engine.commands import batches, instances, migrations
from engine.commands.migrations import Report, Target
from engine.errors import InvalidInput, MigrationRefused, NotFound, ZhangfangError
from store.queries import batches as queries
from store.queries import instances as instance_queries
from store.queries.batches import Many
from store.queries.scope import EVERYTHING
from store.unit_of_work import Store, UnitOfWork
from webui import installation
from webui.cli_language import say
from webui.cli_progress import track
from webui.migration_words import plain, told
from webui.sentences import in_chinese
from webui.settings import read_settings

PAGE = 1_000
SHOWN = 5
Outcome = tuple[UUID, Sequence[str], Sequence[str]]
"""An instance, what keeps it back (nothing: it is done), and what changes."""


@click.command("migrate")
@click.argument("process")
@click.option("--from", "old", type=int)
@click.option("--to", "new", type=int)
@click.option("--client")
@click.option("--period")
@click.option("--map", "mapped", multiple=True)
@click.option("--children", is_flag=True)
@click.option("--instance", "chosen", multiple=True, type=click.UUID)
@click.option("--dry-run", is_flag=True)
@click.option("--reason", default="")
def migrate(  # noqa: PLR0913 - one for each option
    *,
    process: str,
    old: int | None,
    new: int | None,
    client: str | None,
    period: str | None,
    mapped: tuple[str, ...],
    children: bool,
    chosen: tuple[UUID, ...],
    dry_run: bool,
    reason: str,
) -> None:
    """See ``cli_language.HELP``."""
    with installation.opened(read_settings()) as store:
        target = Target(store.run(_version, process, new), _pairs(mapped), children)
        except_version = None if old is not None else target.version
        many = Many(process, old, except_version, client=client, period=period)
        if not dry_run:
            store.run(batches.wanted, "migrate", many, target=target, reason=reason, by=None)
        act = partial(_plan if dry_run else _migrate, store, target, reason)
        found = _chosen(store, process, chosen) or _ids(store, many)
        outcomes = list(map(act, track(found, "迁移实例", "Migrating instances")))
    _tell(outcomes, ("可以迁移", "can be migrated") if dry_run else ("已迁移", "migrated"))


def _version(uow: UnitOfWork, process: str, version: int | None) -> int:
    return migrations.newest_of(uow, process, version).version


def _plan(store: Store, target: Target, _reason: str, instance: UUID) -> Outcome:
    try:
        report = store.run(migrations.plan, instance, target, by=None)
    except ZhangfangError as error:
        return _refused(instance, error)
    return instance, _sentences(report.problems), _changes(report)


def _migrate(store: Store, target: Target, reason: str, instance: UUID) -> Outcome:
    try:
        report = store.run(migrations.migrate, instance, target, reason=reason, by=None)
    except ZhangfangError as error:
        return _refused(instance, error)
    return instance, (), _changes(report)


def _changes(report: Report) -> Sequence[str]:
    return _sentences(each for each in report.changes if each.code != "kept")


def _refused(instance: UUID, error: ZhangfangError) -> Outcome:
    if isinstance(error, MigrationRefused):
        return instance, _sentences(error.report.problems), ()
    return instance, (say(in_chinese(str(error)), str(error)),), ()


def _sentences(findings: Iterable[Finding]) -> Sequence[str]:
    return [told(each, (plain, plain), chinese=say("zh", "") == "zh") for each in findings]


def _pairs(texts: Iterable[str]) -> dict[str, str]:
    found = {}
    for text in texts:
        name, sign, value = text.partition("=")
        if not sign or not name.strip():
            raise InvalidInput(
                say(f"--map {text!r} 要写成 旧=新。", f"--map {text!r} must be written old=new.")
            )
        found[name.strip()] = value.strip()
    return found


def _ids(store: Store, many: Many) -> list[UUID]:
    """Return all ids in pages, so that instances that start meanwhile are not waited for."""
    found: list[UUID] = []
    while True:
        after = found[-1] if found else None
        page = store.read(queries.ids, EVERYTHING, many, after=after, limit=PAGE)
        found.extend(page)
        if len(page) < PAGE:
            return found


def _chosen(store: Store, process: str, ids: Iterable[UUID]) -> list[UUID]:
    """Return the instances that were named; each must be of the process."""
    found = list(ids)
    for instance in found:
        row = store.read(instance_queries.get, EVERYTHING, instance)
        if row is None:
            raise NotFound(say(f"没有实例 {instance}。", f"There is no instance {instance}."))
        if row.process != process:
            told_process = (
                f"实例 {instance} 属于流程「{row.process}」。",
                f"The instance {instance} is one of «{row.process}».",
            )
            raise InvalidInput(say(*told_process))
    return found


def _tell(outcomes: Sequence[Outcome], done: tuple[str, str]) -> None:
    """Say what became of the instances, those of one kind together; exit code 1 when some were kept back."""
    groups: dict[tuple[Sequence[str], Sequence[str]], list[UUID]] = {}
    for instance, problems, changes in outcomes:
        groups.setdefault((tuple(problems), tuple(changes)), []).append(instance)
    for (problems, changes), members in groups.items():
        mark, sentences = ("✗", problems) if problems else ("✓", changes)
        more = f" … +{len(members) - SHOWN}" if len(members) > SHOWN else ""
        click.echo(f"{mark} {len(members)}: {', '.join(map(str, members[:SHOWN]))}{more}")
        for sentence in sentences:
            click.echo(f"    {sentence}")
    kept_back = sum(1 for _, problems, _ in outcomes if problems)
    count = len(outcomes) - kept_back
    click.echo(say(f"{done[0]} {count}，不能 {kept_back}。", f"{count} {done[1]}, {kept_back} refused."))
    if kept_back:
        raise SystemExit(1)


def _act(name: str, done: tuple[str, str]) -> click.Command:
    @click.command(name)
    @click.argument("process")
    @click.option("--version", type=int)
    @click.option("--client")
    @click.option("--period")
    @click.option("--instance", "chosen", multiple=True, type=click.UUID)
    @click.option("--yes", is_flag=True)
    @click.option("--reason", default="")
    def command(
        *,
        process: str,
        version: int | None,
        client: str | None,
        period: str | None,
        chosen: tuple[UUID, ...],
        yes: bool,
        reason: str,
    ) -> None:
        """See ``cli_language.HELP``."""
        many = batches.many_of(name, Many(process, version, client=client, period=period))
        with installation.opened(read_settings()) as store:
            store.run(batches.wanted, name, many, target=None, reason=reason, by=None)
            found = _chosen(store, process, chosen) or _ids(store, many)
            if name == "cancel" and found and not yes:
                question = (
                    f"取消 {len(found)} 个实例？不能撤销。",
                    f"Cancel {len(found)} instances? It cannot be undone.",
                )
                click.confirm(say(*question), abort=True)
            act = partial(_one, store, COMMAND_OF[name], reason)
            outcomes = list(map(act, track(found, "处理实例", "Going through the instances")))
        _tell(outcomes, done)

    return command


def _one(store: Store, command: Callable[..., Any], reason: str, instance: UUID) -> Outcome:
    try:
        store.run(command, instance, reason=reason, by=None)
    except ZhangfangError as error:
        return _refused(instance, error)
    return instance, (), ()


COMMAND_OF: dict[str, Callable[..., Any]] = {
    "suspend": instances.suspend,
    "resume": instances.resume,
    "cancel": instances.cancel,
}
COMMANDS = (
    migrate,
    _act("suspend", ("已暂停", "suspended")),
    _act("resume", ("已恢复", "resumed")),
    _act("cancel", ("已取消", "cancelled")),
)
