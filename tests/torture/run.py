#!/usr/bin/env python3
"""run.py BUILD COMPILER PROGRAM [ci|full|ARGS...]: a program of this folder under `gorace run`.

Its first lines say what must come of it, as in tests/programs (docs/adding.md), and besides:

    // args: 100             its arguments in CI; full: those of a run by hand
    // library: plugin.c     built as a shared library; the program finds it in $TORTURE_LIBRARY
    // options: word         GORACE_OPTIONS
    // runs: 3               how many runs in CI, each with its number as one more argument

Prints the time of each run and the most memory it had."""
import os
import re
import resource
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
import program as programs  # noqa: E402

FULL_RUNS, TIMEOUT = 10, 550


def read_more(path):
    more = {"full": "", "library": "", "options": "", "runs": "0"}
    for line in path.read_text().splitlines()[:30]:
        found = re.match(r"// (full|library|options|runs): ?(.*)$", line)
        if found:
            more[found[1]] = found[2]
    return more


def judge(program, command, environment):
    """Run it; None, or what is wrong."""
    began = time.monotonic()
    outcome = programs.execute(command, 2, TIMEOUT, **environment)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(f"{program.name}: {time.monotonic() - began:.2f} s, {memory} MB, status {outcome.status}", flush=True)
    wrong = programs.complaints(program, outcome)
    return f"{'; '.join(wrong)}\n{outcome.stdout[-2000:]}{outcome.stderr[-4000:]}" if wrong else None


def main():
    tree, compiler, path = Path(sys.argv[1]).resolve(), sys.argv[2], HERE / sys.argv[3]
    size = sys.argv[4:] or ["ci"]
    program, more = programs.read_program(path), read_more(path)
    gorace = str(tree / "bin/gorace")
    arguments = {"ci": program.args, "full": more["full"].split()}.get(size[0], size)
    runs = int(more["runs"])
    with tempfile.TemporaryDirectory(prefix="gorace-torture-") as folder:
        environment = {"GORACE_OPTIONS": more["options"]}
        if more["library"]:
            library = Path(folder) / "library.so"
            programs.compile_with(gorace, compiler, [HERE / more["library"]], library, ["-O1", "-shared", "-fPIC"])
            environment["TORTURE_LIBRARY"] = str(library)
        binary = Path(folder) / path.stem
        programs.compile_with(gorace, compiler, [path], binary, program.flags or ["-O1"])
        for number in range(1, 1 + (FULL_RUNS if runs and size[0] == "full" else runs or 1)):
            more_arguments = [str(number)] if runs else []
            wrong = judge(program, [gorace, "run", "--", binary, *arguments, *more_arguments], environment)
            if wrong:
                sys.exit(f"{program.name}: {wrong}")


main()
