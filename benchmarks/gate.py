"""This code beside the last kept commit: five interleaved pairs of runs, and the median of their ratios.

`benchmarks/kept.json` names the commit. More than 15 % more CPU a request fails.
"""

import contextlib
import json
import statistics

from benchmarks.jobs import jobs_of, once
from benchmarks.places import checkout_of, own_folder
from benchmarks.server import ROOT, Server
from benchmarks.world import make_world

PAIRS = 5
MOST = 1.15
COUNT = 40
CLASSES = 14  # seats for every pair to hand in


def compare() -> dict[str, object]:
    """Prints the ratio of each job; how many are too dear."""
    commit = json.loads((ROOT / "benchmarks" / "kept.json").read_text())["commit"]
    with contextlib.ExitStack() as stack:
        folder, sides = stack.enter_context(own_folder("gate")), []
        for name, checkout in (("now", ROOT), ("kept", stack.enter_context(checkout_of(commit, folder / "kept")))):
            var = folder / f"var-{name}"
            var.mkdir()
            url = f"sqlite:///{var / 'bench.sqlite3'}"
            world = make_world(var, url, checkout=checkout, classes=CLASSES)
            server = Server(var, url, checkout=checkout)
            stack.callback(server.stop)
            sides.append((server, jobs_of(server, world)))
        return _pairs(sides, commit)


def _pairs(sides: list[tuple], commit: str) -> dict[str, object]:
    (now, jobs), (kept, kept_jobs) = sides
    ratios: dict[str, list[float]] = {job.name: [] for job in jobs}
    for turn in range(PAIRS + 1):
        for job, kept_job in zip(jobs, kept_jobs, strict=True):
            count = COUNT if turn else COUNT // 4
            used, before = (once(server, one, count)[0] for server, one in ((now, job), (kept, kept_job)))
            if turn and before:
                ratios[job.name].append(used / before)
    print(f"\nBeside {commit[:12]}, median of {PAIRS} pairs:")
    found = {name: round(statistics.median(found), 2) for name, found in ratios.items() if found}
    for name, ratio in found.items():
        print(f"{name:<22}{ratio:>9.2f}{'  DEARER' if ratio > MOST else ''}")
    return {"commit": commit, "ratios": found, "failed": sum(ratio > MOST for ratio in found.values())}
