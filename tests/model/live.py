#!/usr/bin/env python3
"""live.py BUILD COMPILER [SEED [COUNT]]: random programs as goroutines and as threads.

Makes COUNT programs of each into C files of a few programs, builds them with `gorace cc`, runs them under `gorace run` and
holds what was reported against the oracle: every pair must race, and what must be reported has to be.
The files stay in a folder that is named when they differ."""
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROCS = (1, 2, 8)
TOGETHER = 5  # programs in a file: the reporter reads debug information file by file


def environment(**more):
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GORACE", "GOMAXPROCS"))}
    return {**env, **more}


def build(gorace, model, compiler, folder, flavour, seed, count):
    binary, turnstile, sources = folder / flavour, folder / "turnstile.o", []

    def emit(what, first, number):
        sources.append(folder / f"{flavour}_{what}_{first}.c")
        with open(sources[-1], "w") as out:
            subprocess.run([model, what, flavour, str(first), str(number)], stdout=out, check=True)

    for first in range(seed, seed + count, TOGETHER):
        emit("emit", first, min(TOGETHER, seed + count - first))
    emit("main", seed, count)
    subprocess.run([compiler, "-O1", "-c", HERE / "turnstile.c", "-o", turnstile], check=True)
    subprocess.run([gorace, "cc", "-g", "-O1", "-w", "-mcx16", f"-I{HERE}", *sources, turnstile, "-o", binary],
                   env=environment(GORACE_CC=compiler), check=True)
    return binary


def pairs_of(findings):
    """One line for each finding: program, step, earlier step. What is no step of ours stays as it is. That the
    programs add to wait groups while others wait is misuse, and meant."""
    for finding in findings:
        if finding["kind"] == "WAITGROUP_RACE":
            continue
        steps = [re.match(r"p(\d+)[sa](\d+)$", side["stack"][0]["function"]) for side in finding["accesses"]]
        if len(steps) != 2 or not all(steps) or steps[0][1] != steps[1][1]:
            yield f"not steps of one program: {json.dumps(finding)}"
        else:
            yield f"{steps[0][1]} {steps[0][2]} {steps[1][2]}"


def run(gorace, model, binary, folder, flavour, seed, count, procs):
    report, pairs = folder / f"{flavour}.json", folder / f"{flavour}.pairs"
    report.unlink(missing_ok=True)
    done = subprocess.run([gorace, "run", "--format=json", "-o", report, "--", binary], capture_output=True,
                          text=True, timeout=600, env=environment(GOMAXPROCS=str(procs)))
    if done.returncode not in (0, 66) or (done.returncode == 66) != report.exists():
        return f"exit status {done.returncode}\n{done.stderr[-4000:]}"
    findings = json.loads(report.read_text())["findings"] if report.exists() else []
    pairs.write_text("".join(line + "\n" for line in pairs_of(findings)))
    judged = subprocess.run([model, "judge", flavour, str(seed), str(count), pairs], capture_output=True, text=True)
    print(f"GOMAXPROCS={procs}: {judged.stdout}", end="", flush=True)
    return judged.stderr if judged.returncode else None


def main():
    tree, compiler = Path(sys.argv[1]).resolve(), sys.argv[2]
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    count = int(sys.argv[4]) if len(sys.argv) > 4 else 40
    gorace, model = tree / "bin/gorace", tree / "tests/live_model"
    folder = Path(tempfile.mkdtemp(prefix="gorace-live-"))
    for flavour in ("goroutines", "threads"):
        binary = build(gorace, model, compiler, folder, flavour, seed, count)
        for procs in PROCS if flavour == "goroutines" else (2,):
            wrong = run(gorace, model, binary, folder, flavour, seed, count, procs)
            if wrong:
                sys.exit(f"{folder}, {flavour}, GOMAXPROCS={procs}: {wrong}")
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()


main()
