"""Commands for the files of process owners: check, deploy, export, rehearse."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress

from engine.bpmn.problem import refusing
from engine.commands import deployments
from engine.errors import InvalidInput
from engine.rehearsal import read, rehearse
from engine.service_tasks import installed
from store import schema
from store.connecting import connect
from webui import installation
from webui.cli_language import say
from webui.cli_progress import busy, track
from webui.problem_words import line
from webui.settings import read_settings

FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
ANY = click.Path(exists=True, path_type=Path)


@click.command("check")
@click.argument("paths", nargs=-1, type=ANY)
@click.option("--migrations", is_flag=True)
def check(*, paths: tuple[Path, ...], migrations: bool) -> None:
    """See ``cli_language.HELP``."""
    if not paths and not migrations:
        raise InvalidInput(say("请给出要检查的文件或目录。", "Name files or folders to check."))
    with busy("检查", "Checking"):
        found = [*(_of_files(paths) if paths else ()), *(_of_migrations() if migrations else ())]
    for problem in found:
        click.echo(line(problem, chinese=say("zh", "") == "zh"))
    faults, warnings = len(refusing(found)), len(found) - len(refusing(found))
    if faults:
        click.echo(
            say(f"{faults} 个问题，{warnings} 个提醒。", f"{faults} problems, {warnings} warnings."), err=True
        )
        raise SystemExit(1)
    click.echo(
        say(f"没有问题，{warnings} 个提醒。", f"No problem, {warnings} warnings.")
        if warnings
        else say("没有问题。", "No problem.")
    )


@click.command("deploy")
@click.argument("folder", type=FOLDER)
@click.option("--note", default="")
def deploy(*, folder: Path, note: str) -> None:
    """See ``cli_language.HELP``."""
    everything = installation.files_of([folder])
    files = installation.definitions(everything)
    if not files:
        raise InvalidInput(
            say(
                f"{folder} 里没有流程、决策或表单，什么也没有发布。",
                f"There is no process, decision or form in {folder}; nothing was deployed.",
            )
        )
    with busy("检查并发布", "Checking and deploying"), installation.opened(read_settings()) as store:
        installation.seed_settings(store, everything)
        result = store.run(deployments.deploy, files, by=None, note=note)
    for definition in result.new:
        click.echo(f"{definition.path}  {definition.kind} {definition.key} v{definition.version}")
    click.echo(
        say(
            f"发布 {len(result.new)} 个新版本，{len(result.unchanged)} 个没有变化。",
            f"Deployed {len(result.new)} new versions, {len(result.unchanged)} unchanged.",
        )
    )


@click.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export(*, folder: Path) -> None:
    """See ``cli_language.HELP``."""
    with installation.opened(read_settings()) as store:
        files = store.read(deployments.export)
    for name, body in track(files.items(), "写出", "Writing"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    click.echo(say(f"写出 {len(files)} 个文件到 {folder}。", f"Wrote {len(files)} files to {folder}."))


@click.command("scenario")
@click.argument("paths", nargs=-1, required=True, type=ANY)
def scenario(*, paths: tuple[Path, ...]) -> None:
    """See ``cli_language.HELP``."""
    files = [file for path in paths for file in (sorted(path.rglob("*.yaml")) if path.is_dir() else [path])]
    console, failed = Console(stderr=True, highlight=False), 0
    with Progress(console=console, transient=True) as progress:
        for file in progress.track(files, description=say("排演", "Rehearsing")):
            report = rehearse(read(file.read_bytes(), file=file.name), _library_of(file), installed())
            failed += not report.passed
            console.print(
                f"{'✓' if report.passed else '✗'} {file.name}: {report.scenario.name}", markup=False
            )
            for sentence in report.differences:
                console.print(f"    {sentence}", markup=False)
    if failed:
        click.echo(say(f"{failed} 个场景与预期不同。", f"{failed} scenarios differ."), err=True)
        raise SystemExit(1)
    click.echo(say("所有场景都符合预期。", "All scenarios went as they say."))


def _library_of(scenario_file: Path) -> Mapping[str, bytes]:
    """Return the files of the library that a scenario stands in: ``<library>/<process>/scenarios/<file>``."""
    return installation.files_of([scenario_file.resolve().parent.parent.parent])


def _of_files(paths: Iterable[Path]) -> list[Any]:
    files = installation.definitions(installation.files_of(paths))
    with tempfile.TemporaryDirectory() as folder, installation.temporary(Path(folder)) as store:
        return store.run(deployments.check, files)


def _of_migrations() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{folder}/migrations.db")
        schema.upgrade(engine)
        found = schema.differences(engine)
        engine.dispose()
    return found


COMMANDS = (check, deploy, export, scenario)
