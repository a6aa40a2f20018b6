"""``make bench``: the same work on ours and on its peers; a table, ``results/latest.json`` and a chart."""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks import chart, environments, postgresql, report
from benchmarks.catalogue import FULL, LONGEST, LONGEST_QUICK, QUICK, SYSTEMS, WORKS, System, Work
from benchmarks.running import Place, run
from benchmarks.timing import CannotDo

RESULTS = Path(__file__).parent / "results"
OURS = "sqlite"


def main(arguments: list[str]) -> None:
    """Measure, print, write."""
    works, systems, quick = _asked(arguments)
    os.umask(0o022)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped; nothing is written."))
    sizes = QUICK if quick else FULL
    results: report.Results = {work.letter: {} for work in works}
    load = report.machine()
    with _place(systems, LONGEST_QUICK if quick else LONGEST) as place:
        for number, (work, system) in enumerate((work, system) for work in works for system in systems):
            begin, of = time.perf_counter(), len(works) * len(systems)
            print(f"[{number + 1}/{of}] ({work.letter}) {system.name} …", end=" ", flush=True)
            found = results[work.letter][system.key] = run(system, work.letter, sizes[work.letter], place)
            print(f"{time.perf_counter() - begin:.1f} s  {found.get('cannot', '')}", flush=True)
    body = report.body(works, systems, sizes, results, quick=quick) | {"machine": load}
    report.show(body)
    name, before = RESULTS / "latest", RESULTS / "latest.json"
    if quick or len(systems) < len(SYSTEMS) or (len(works) < len(WORKS) and not before.exists()):
        name = RESULTS / "part"
    elif len(works) < len(WORKS):  # all systems did these works anew
        body = report.renewed(json.loads(before.read_text()), body)
    RESULTS.mkdir(exist_ok=True)
    name.with_suffix(".json").write_text(json.dumps(body, ensure_ascii=False, indent=2) + "\n")
    chart.draw(body, name.with_suffix(".png"))
    print(f"Written: {name}.json, {name}.png")


def _asked(arguments: list[str]) -> tuple[list[Work], list[System], bool]:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    letters, keys = [work.letter for work in WORKS], [system.key for system in SYSTEMS]
    parser.add_argument("--works", default=",".join(letters), help=f"some of {','.join(letters)}")
    parser.add_argument(
        "--peers", default=",".join(keys), help=f"some of {','.join(keys)}; {OURS} always runs"
    )
    parser.add_argument("--quick", action="store_true", help="small sizes, in less than two minutes")
    given = parser.parse_args(arguments)
    wanted, peers = set(given.works.split(",")), {OURS, *given.peers.split(",")}
    unknown = (wanted - set(letters)) | (peers - set(keys))
    if unknown:
        parser.error(f"There is no {', '.join(sorted(unknown))}.")
    works = [work for work in WORKS if work.letter in wanted]
    return works, [system for system in SYSTEMS if system.key in peers], given.quick


@contextmanager
def _place(systems: list[System], longest: int) -> Iterator[Place]:
    folder = environments.scratch()
    with ExitStack() as stack:
        server = None
        if any(system.postgresql for system in systems):
            try:
                server = stack.enter_context(postgresql.running(folder))
            except (CannotDo, RuntimeError, OSError) as reason:
                print(f"Without PostgreSQL: {reason}")
        yield Place(folder, server, longest)


if __name__ == "__main__":
    main(sys.argv[1:])
