"""What the parts of the bench share: building, running, medians and means."""
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
ROOT = HERE.parents[1]


class Bench:
    """One run of the bench: the tree that was built, a folder for binaries, how many rounds."""

    def __init__(self, tree, folder, rounds):
        self.tree, self.folder, self.rounds = tree, folder, rounds

    def cc(self, name, source, *flags):
        """A C program over libgorace, as users build them."""
        return build(self.folder / name,
                     ["cc", "-O2", "-I", ROOT / "runtime/include", HERE / source, *flags,
                      self.tree / "lib/libgorace.a", "-lpthread"])

    def gorace_cc(self, name, source, *flags, compiler=None):
        """The same program, checked by the detector."""
        return build(self.folder / name, [self.tree / "bin/gorace", "cc", "-O2", *flags, HERE / source, "-lpthread"],
                     GORACE_CC=compiler or clang() or "cc")

    def go(self, name, source, *flags):
        return build(self.folder / name, ["go", "build", *flags, HERE / source],
                     GO111MODULE="off", GOCACHE=str(self.folder / "go-cache"))


def build(output, command, **env):
    """Run a compiler, with `-o output` before what it compiles; return the output."""
    command = [str(c) for c in command]
    at = 2 if command[0] == "go" or command[1] == "cc" else 1
    command[at:at] = ["-o", str(output)]
    done = subprocess.run(command, env={**os.environ, **env}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"bench: {' '.join(command)}\n{done.stdout}{done.stderr}")
    return output


def table_names(source, begin):
    """The workloads' names, from the table in the source, so that they stand in one place."""
    text = (HERE / source).read_text()
    return re.findall(r'\{"(\w+)", ', text[text.index(begin):])


def clang():
    return next((c for c in ("clang-14", "clang", "clang-16", "clang-19") if shutil.which(c)), None)


def has_go():
    return shutil.which("go") is not None


def numbers(command, procs):
    """The numbers that one run prints."""
    command = [str(c) for c in command]
    env = {**os.environ, "GOMAXPROCS": str(procs), "GORACE_OPTIONS": "max_goroutines=0"}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=600)
    if done.returncode:
        sys.exit(f"bench: {' '.join(command)}: status {done.returncode}\n{done.stderr}")
    return [float(word) for word in done.stdout.split()]


def medians(rounds, commands):
    """{key: (command, procs)} -> {key: the medians of the numbers that it prints}. All run in turn,
    round by round, so that what else the machine does hits all of them."""
    runs = {key: [] for key in commands}
    for _ in range(rounds):
        for key, (command, procs) in commands.items():
            runs[key].append(numbers(command, procs))
    return {key: [statistics.median(column) for column in zip(*rows)] for key, rows in runs.items()}


def geometric(values):
    values = [v for v in values if v > 0]
    return math.exp(sum(map(math.log, values)) / len(values)) if values else float("nan")
