from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

PROGRAM = Path(sys.executable).parent / "zhangfang"
LONGEST_START = 60


@contextmanager
def started(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [PROGRAM, "--lang", "en", *arguments],
        env={"ZHANGFANG_DATA_FOLDER": str(folder), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        assert process.stdout is not None
        process.stdout.close()


@pytest.fixture
def port() -> int:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        found: int = free.getsockname()[1]
    return found


def page(port: int, path: str) -> tuple[int, str]:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def lines_until(process: subprocess.Popen[str], words: str) -> str:
    assert process.stdout is not None
    told = ""
    end = time.monotonic() + LONGEST_START
    while words not in told and time.monotonic() < end:
        line = process.stdout.readline()
        if not line:
            break
        told += line
    assert words in told, told
    return told


def test_the_first_start_sets_up_the_demo_firm_and_a_signal_ends_it(tmp_path: Path, port: int) -> None:
    with started(tmp_path, "serve", "--demo", "--port", str(port)) as server:
        told = lines_until(server, "deng.kai")
        ready, _ = page(port, "/health/ready")
        status, sign_in = page(port, "/sign-in")
        server.send_signal(signal.SIGTERM)
        ended = server.wait(timeout=20)

    assert f"Zhangfang runs at http://127.0.0.1:{port}" in told
    assert "Loaded the demo firm: 12 clients." in told
    assert (ready, status) == (200, 200)
    assert "周敏" in sign_in
    assert ended == 0


def test_a_port_that_is_taken_is_told_in_a_sentence(tmp_path: Path, port: int) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with started(tmp_path, "serve", "--port", str(port)) as server:
            told = lines_until(server, "Error")
            ended = server.wait(timeout=20)

    assert f"Cannot listen at 127.0.0.1:{port}" in told
    assert ended == 2


def test_the_scheduler_alone_ends_on_a_signal(tmp_path: Path) -> None:
    with started(tmp_path, "worker") as worker:
        lines_until(worker, "The scheduler runs")
        worker.send_signal(signal.SIGTERM)
        ended = worker.wait(timeout=20)

    assert ended == 0


def test_setting_up_twice_changes_nothing(tmp_path: Path) -> None:
    with started(tmp_path, "init", "--password", "a long password") as first:
        told = lines_until(first, "First account")
        assert first.wait(timeout=20) == 0
    with started(tmp_path, "init") as second:
        again = lines_until(second, "nothing was changed")
        assert second.wait(timeout=20) == 0

    assert "a long password" not in told
    assert "admin" not in again
