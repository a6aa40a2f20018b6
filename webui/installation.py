"""An installation: its store with everything attached, its worker, and how an empty one gets its first content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from importlib.metadata import entry_points
from pathlib import Path
from socket import gethostname
from typing import Any, cast

import yaml

from engine import feel
from engine.commands import deployments, people, surroundings
from engine.commands import settings as firm_settings
from engine.errors import InvalidInput, NotFound
from engine.service_tasks import Handlers, installed
from engine.worker import SLEEP, Worker
from store import schema
from store.clock import Clock, SystemClock
from store.unit_of_work import Store
from webui.settings import Settings

PROCESSES = Path(__file__).resolve().parent.parent / "processes"
DEFINITIONS = frozenset({".bpmn", ".dmn", ".form"})
FIRM_SETTINGS = "settings.yaml"
POLL = timedelta(minutes=1)
"""How long work that another process began may stay unseen on PostgreSQL when its notice was lost."""

FIRST_LOGIN, FIRST_NAME = "admin", "管理员"


@contextmanager
def opened(settings: Settings, clock: Clock | None = None) -> Iterator[Store]:
    """Open the store of an installation, its tables brought up to date."""
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    store = Store(
        settings.database_url,
        clock=clock or SystemClock(),
        documents_folder=settings.documents_folder,
        zone=settings.zone,
    )
    try:
        schema.upgrade(store.engine)
        surroundings.attach(store, handlers=installed(), lease=timedelta(seconds=settings.lease_seconds))
        yield store
    finally:
        store.dispose()


@contextmanager
def temporary(folder: Path, handlers: Handlers | None = None) -> Iterator[Store]:
    """Open an empty store in a folder that its caller removes."""
    store = Store(
        f"sqlite:///{folder}/zhangfang.db", clock=SystemClock(), documents_folder=folder / "documents"
    )
    try:
        schema.upgrade(store.engine)
        surroundings.attach(store, handlers=handlers or installed())
        store.run(people.setup_firm)
        yield store
    finally:
        store.dispose()


def worker(store: Store, settings: Settings, name: str) -> Worker:
    """Return a worker for the store that sends mail as the settings say.

    ``name`` is its own on this machine: what a worker of that name had leased before runs at once when it starts.
    """
    mail = plugin("zhangfang.mail", "mailer")(settings.mail_outbox, settings.smtp_url)
    poll = SLEEP if settings.database_url.startswith("sqlite") else POLL
    name = f"{name} @ {gethostname()}"
    doing = settings.data_folder / "doing"
    return Worker(store, mail=mail, name=name, threads=settings.worker_threads, doing=doing, poll=poll)


def plugin(group: str, name: str) -> Any:
    """Return what an installed package offers under an entry point; NotFound when none does."""
    for point in entry_points(group=group, name=name):
        return point.load()
    raise NotFound(
        f"No installed package offers «{name}» of {group}; run make setup, or install the package."
    )


def files_of(paths: Iterable[Path]) -> dict[str, bytes]:
    """Return the files of folders and files by the path below their folder; InvalidInput when there is none."""
    found: dict[str, bytes] = {}
    for path in paths:
        if path.is_file():
            found[path.name] = path.read_bytes()
        for file in sorted(path.rglob("*")) if path.is_dir() else ():
            if file.is_file():
                found[file.relative_to(path).as_posix()] = file.read_bytes()
    if not found:
        raise InvalidInput(f"There is no file in {', '.join(map(str, paths))}.")
    return found


def definitions(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return the files that are deployed: processes, decisions, forms."""
    return {path: body for path, body in files.items() if Path(path).suffix in DEFINITIONS}


def is_empty(store: Store) -> bool:
    """Tell whether nothing was ever deployed here."""
    return not store.read(deployments.export)


def set_up(store: Store, address: str = "") -> int:
    """Give an empty installation its roles, settings and processes; return the number of deployed files.

    Links to clients begin with ``address``, if it is given: a setting of the firm from then on.
    """
    files = files_of([PROCESSES])
    store.run(people.setup_firm)
    if address:
        store.run(firm_settings.seed, {"portal_address": address})
    seed_settings(store, files)
    return len(store.run(deployments.seed, definitions(files)).new)


def seed_settings(store: Store, files: Mapping[str, bytes]) -> None:
    """Give the firm the settings of a library that it never set; what the firm has chosen stays."""
    try:
        rows = yaml.safe_load(files.get(FIRM_SETTINGS, b"[]"))
        values = {row["key"]: feel.native(row["value"]) for row in rows}
    except (yaml.YAMLError, TypeError, KeyError) as error:
        raise InvalidInput(f"{FIRM_SETTINGS} is no list of settings with key and value: {error}") from error
    store.run(firm_settings.seed, values)


def address_of(settings: Settings) -> str:
    """Return where the pages of an installation are found on its own machine."""
    return f"http://{settings.host}:{settings.port}"


def first_account(store: Store, password: str) -> None:
    """Create the first account, a manager who can create the others."""
    store.run(people.create, FIRST_LOGIN, FIRST_NAME, by=None, password=password, roles=("manager",))


def load_demo(store: Store, settings: Settings) -> int:
    """Load the demo firm with its work of the last month begun; return the number of its clients."""
    return cast("int", plugin("zhangfang.demo", "open")(store, settings.mail_outbox))


def demo_accounts() -> list[tuple[str, str, str, str]]:
    """Return the demo firm's accounts: login, name, roles, password."""
    return cast("list[tuple[str, str, str, str]]", plugin("zhangfang.demo", "accounts")())
