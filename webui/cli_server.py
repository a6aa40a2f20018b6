"""Commands that set up an installation and keep it running."""

from __future__ import annotations

import secrets
import signal
from contextlib import suppress
from dataclasses import replace
from os import getpid
from time import sleep
from typing import Any

import click
import waitress
from flask import Flask

import webui
from engine.errors import InvalidInput
from store.unit_of_work import Store
from webui import installation
from webui.cli_language import say
from webui.cli_progress import busy
from webui.settings import Settings, read_settings
from webui.settling import settle

PASSWORD_BYTES = 9
LOOK = 1
"""Seconds after which a process that only waits looks whether it was told to stop."""


@click.command("init")
@click.option("--demo", is_flag=True)
@click.option("--password")
def init(*, demo: bool, password: str | None) -> None:
    """See ``cli_language.HELP``."""
    settings = read_settings()
    with installation.opened(settings) as store:
        _set_up(store, settings, demo=demo, password=password)


@click.command("serve")
@click.option("--host")
@click.option("--port", type=click.IntRange(1, 65535))
@click.option("--demo", is_flag=True)
def serve(*, host: str | None, port: int | None, demo: bool) -> None:
    """See ``cli_language.HELP``."""
    told = read_settings()
    settings = replace(told, host=host or told.host, port=port or told.port, demo=demo or told.demo)
    with installation.opened(settings) as store:
        if installation.is_empty(store):
            _set_up(store, settings, demo=settings.demo, password=None)
        run_server(store, settings)


def run_server(store: Store, settings: Settings) -> None:
    """Show the pages and run the scheduler until somebody stops it."""
    worker = installation.worker(store, settings, f"serve {settings.port}") if settings.worker else None
    application = webui.create_app(store, settings)
    server = _listening(application, settings)
    signal.signal(signal.SIGTERM, _stop)
    try:
        _tell_where(settings)
        settle()
        if worker is not None:
            worker.start()
        server.run()
    except KeyboardInterrupt:
        server.close()
    if worker is not None:
        worker.stop()


def _listening(application: Flask, settings: Settings) -> Any:
    try:
        return waitress.create_server(
            application, host=settings.host, port=settings.port, threads=settings.threads, ident="zhangfang"
        )
    except OSError as error:
        place = f"{settings.host}:{settings.port}"
        raise InvalidInput(
            say(
                f"不能在 {place} 监听（{error.strerror}）；用 --port 换一个端口，或停掉占用它的程序。",
                f"Cannot listen at {place} ({error.strerror}); choose another --port, or stop what uses it.",
            )
        ) from error


@click.command("worker")
def work() -> None:
    """See ``cli_language.HELP``."""
    settings = read_settings()
    with installation.opened(settings) as store:
        worker = installation.worker(store, settings, f"worker {getpid()}")
        settle()
        worker.start()
        with suppress(KeyboardInterrupt):
            signal.signal(signal.SIGTERM, _stop)
            click.echo(say("调度器在运行；按 Ctrl+C 结束。", "The scheduler runs; Ctrl+C ends it."))
            while True:  # a signal that comes just as Python goes to sleep is only seen when it wakes
                sleep(LOOK)
        worker.stop()


@click.command("due")
def due() -> None:
    """See ``cli_language.HELP``."""
    settings = read_settings()
    with busy("执行到期的作业", "Running due jobs"), installation.opened(settings) as store:
        worker = installation.worker(store, settings, f"due {getpid()}")
        total = 0
        while done := worker.run_due():
            total += done
        worker.stop()
    click.echo(say(f"执行了 {total} 个到期的作业。", f"Ran {total} due jobs."))


def _set_up(store: Store, settings: Settings, *, demo: bool, password: str | None) -> None:
    fresh = installation.is_empty(store)
    if not fresh:
        click.echo(say("数据库已是最新，没有改动。", "The database is up to date; nothing was changed."))
        return
    click.echo(say("正在建立数据库并发布流程 …", "Creating the database and deploying the processes …"))
    made = installation.set_up(store, installation.address_of(settings))
    click.echo(say(f"发布了 {made} 个文件。", f"Deployed {made} files."))
    if demo:
        count = installation.load_demo(store, settings)
        click.echo(say(f"装入演示公司：{count} 个客户。", f"Loaded the demo firm: {count} clients."))
        return
    secret = password or secrets.token_urlsafe(PASSWORD_BYTES)
    installation.first_account(store, secret)
    shown = secret if password is None else "…"
    click.echo(say(f"负责人账号：admin，密码：{shown}", f"First account: admin, password: {shown}"))


def _tell_where(settings: Settings) -> None:
    address = installation.address_of(settings)
    click.echo(
        say(f"账房在 {address} 运行；按 Ctrl+C 结束。", f"Zhangfang runs at {address}; Ctrl+C ends it.")
    )
    if settings.demo:
        for login, name, roles, password in installation.demo_accounts():
            click.echo(f"  {login:10} {password}  {name} {roles}")


def _stop(*_: Any) -> None:
    """End the process as Ctrl+C does."""
    raise KeyboardInterrupt


COMMANDS = (init, serve, work, due)
