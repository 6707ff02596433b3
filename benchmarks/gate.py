"""This code beside the last kept commit: five interleaved pairs of runs, and the median of their ratios.

`benchmarks/kept.json` names the commit. More than 15 % more CPU a request fails.
"""

import json
import shutil
import statistics
import subprocess
import tempfile
from pathlib import Path

from benchmarks.jobs import jobs_of, once
from benchmarks.server import ROOT, Server

PAIRS = 5
MOST = 1.15
COUNT = 40
CLASSES = 14  # seats for every pair to hand in


def checkout_of(commit: str, folder: Path) -> Path:
    subprocess.run(["git", "-C", ROOT, "worktree", "add", "--detach", "--force", folder, commit], check=True)
    return folder


def compare() -> dict[str, object]:
    """Prints the ratio of each job; how many are too dear."""
    from benchmarks.bench import make_world

    commit = json.loads((ROOT / "benchmarks" / "kept.json").read_text())["commit"]
    folder = Path(tempfile.mkdtemp(prefix="balise-gate-"))
    servers: list[Server] = []
    try:
        sides = []
        for name, checkout in (("now", ROOT), ("kept", checkout_of(commit, folder / "kept"))):
            var = folder / f"var-{name}"
            var.mkdir()
            url = f"sqlite:///{var / 'bench.sqlite3'}"
            world = make_world(var, url, CLASSES, checkout)
            servers.append(Server(var, url, checkout=checkout))
            sides.append((servers[-1], jobs_of(servers[-1], world)))
        return _pairs(sides, commit)
    finally:
        for server in servers:
            server.stop()
        subprocess.run(["git", "-C", ROOT, "worktree", "remove", "--force", folder / "kept"], check=False)
        shutil.rmtree(folder, ignore_errors=True)


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
