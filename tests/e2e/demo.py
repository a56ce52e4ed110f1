#!/usr/bin/env python3
"""Show gorace at work: build the examples with `gorace cc`, run each under `gorace run`, show what it
says and check that it says what the example's head announces. Called by `./dev demo`."""
import sys
import tempfile
from pathlib import Path

from program import ROOT, complaints, compile_with, execute, read_program


def headline(program):
    if not program.wants:
        return "nothing must be found"
    return "must be found: " + ", ".join(" ".join([kind, *words]) for kind, words in program.wants)


def main():
    gorace = str(Path(sys.argv[1]).resolve())
    wanted = sys.argv[2:]
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for path in sorted((ROOT / "docs/examples").glob("*.c")):
            if wanted and path.stem not in wanted:
                continue
            program = read_program(path)
            shown = path.relative_to(ROOT)
            print(f"\n\033[1m--- {shown}: {headline(program)}\033[0m" if sys.stdout.isatty()
                  else f"\n--- {shown}: {headline(program)}")
            print(f"$ gorace cc -g {shown} -o {path.stem} && gorace run ./{path.stem}", flush=True)
            binary = compile_with(gorace, "cc", [path], Path(folder) / path.stem)
            outcome = execute([gorace, "run", "--", binary, *program.args])
            print(outcome.stdout + outcome.stderr, end="")
            print(f"(exit status {outcome.status})", flush=True)
            wrong = complaints(program, outcome)
            for sentence in wrong:
                print(f"demo: {shown}: {sentence}", file=sys.stderr)
            if wrong:
                failed.append(path.stem)
    print(f"\ndemo: {'every example gave its verdict' if not failed else 'wrong: ' + ', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
