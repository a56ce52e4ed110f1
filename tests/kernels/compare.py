#!/usr/bin/env python3
"""tests/kernels/compare.py [--runs N] [--tree BUILD] [NAME...]: what gorace finds in each bug kernel and
what Go finds in its twin, measured. Needs Go (Debian: golang-go).

Each twin is built twice, with -race and without (with -race, Go does not see that all goroutines are
asleep: the race detector needs cgo), and each build is run N times with a time limit. Names restrict it to
some kernels, whose rows are printed; without names docs/kernels.md gets the new tables."""
import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.dont_write_bytecode = True

from kernels import FOLDER, all_kernels, look, meets

from program import PROCS, ROOT, compile_with, execute

PAGE = ROOT / "docs/kernels.md"
LIMIT = 10      # seconds; a twin that ends by itself takes less than two
AT_ONCE = 12    # runs side by side: nearly all only wait
# What a run of a Go twin says -> the word in the table. The first that is found counts.
SIGNS = [
    (r"^WARNING: DATA RACE", "race"),
    (r"^fatal error: all goroutines are asleep", "asleep"),
    (r"^panic: ", "panic"),
    (r"^fatal error: ", "fatal"),
    (r"^LEAK CHECK: ", "leak"),
    (r"\(killed: ", "hangs"),
]
SILENT = {"hangs", "nothing"}   # not findings: somebody else has to notice that the test never ends


def build_twin(kernel, folder, race):
    output = folder / (kernel.name + ("-race" if race else ""))
    sources = [FOLDER / "go" / f"{kernel.name}.go", FOLDER / "go/check.go"]
    subprocess.run(["go", "build", *(["-race"] if race else []), "-o", output, *sources], check=True)
    return output


def run_twin(binary):
    outcome = execute([binary], timeout=LIMIT)
    return next((word for sign, word in SIGNS if re.search(sign, outcome.stderr, re.M)), "nothing")


def run_kernel(gorace, kernel, folder):
    """(the rules that gorace finds at every GOMAXPROCS, whether that is the kernel's verdict)."""
    binary = compile_with(gorace, "gcc", [kernel.path], folder / f"{kernel.name}-c")
    found, right = [], True
    for procs in PROCS:
        findings, _ = look(gorace, binary, procs, folder / f"{kernel.name}.json")
        found.append({f.rule for f in findings})
        right = right and not meets(kernel, findings)
    return set.intersection(*found), right


def kinds():
    """rule -> how the table calls it."""
    text = (ROOT / "runtime/vocab/finding.def").read_text()
    rows = re.findall(r'^FINDING\(\d+, (\w+), "([^"]*)", "(GR\d+)"', text, re.M)
    return {rule: word or name.lower() for name, word, rule in rows}


def words_of(counts, runs):
    return ", ".join(f"{word} {count}" if count < runs else word for word, count in counts.most_common())


class Row:
    def __init__(self, kernel, rules, right, race, plain, runs):
        self.kernel, self.rules, self.right = kernel, rules, right
        self.race, self.plain, self.runs = race, plain, runs

    def gorace_finds(self):
        return bool(self.rules)

    def go_finds(self, words, builds=("race", "plain")):
        """In at least half the runs of one build, as one who runs a test a few times would see."""
        return any(sum(n for w, n in getattr(self, b).items() if w in words) * 2 >= self.runs for b in builds)

    def text(self, names):
        found = ", ".join(f"{names[rule]} ({rule})" for rule in sorted(self.rules)) or "nothing"
        if not self.right:
            found += "; should be " + ", ".join("/".join(rules) for rules, _ in self.kernel.wants)
        return (f"| `{self.kernel.name}` | {self.kernel.kind} | {found} | {words_of(self.race, self.runs)} "
                f"| {words_of(self.plain, self.runs)} |")


def summary(rows):
    families = {}
    for row in rows:
        families.setdefault(row.kernel.kind.split(":")[0], []).append(row)
    own = {"race", "asleep", "panic", "fatal"}
    columns = [
        ("gorace", Row.gorace_finds),
        ("gorace, with the right words", lambda r: r.right and bool(r.rules)),
        ("Go `-race`", lambda r: r.go_finds({"race"}, ["race"])),
        ("and what Go's runtime says", lambda r: r.go_finds(own)),
        ("and the leak check", lambda r: r.go_finds(own | {"leak"})),
    ]
    yield "| class | kernels | " + " | ".join(name for name, _ in columns) + " |"
    yield "| --- |" + " ---: |" * (len(columns) + 1)
    for name, group in [*families.items(), ("all", rows)]:
        cells = [str(sum(map(test, group))) for _, test in columns]
        yield f"| {name} | {len(group)} | " + " | ".join(cells) + " |"


def measure(kernels, gorace, runs, folder):
    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        twins = {race: list(pool.map(lambda k, race=race: build_twin(k, folder, race), kernels))
                 for race in (True, False)}
        ours = list(pool.map(lambda k: run_kernel(gorace, k, folder), kernels))
    with ThreadPoolExecutor(AT_ONCE) as pool:
        said = {race: list(pool.map(run_twin, [b for b in twins[race] for _ in range(runs)]))
                for race in twins}
    for i, kernel in enumerate(kernels):
        race, plain = (Counter(said[r][i * runs:(i + 1) * runs]) for r in (True, False))
        yield Row(kernel, *ours[i], race, plain, runs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--tree", default="build")
    options = parser.parse_args()
    kernels = [k for k in all_kernels() if not options.names or k.name in options.names]
    kernels.sort(key=lambda k: k.kind)
    gorace = str((ROOT / options.tree / "bin/gorace").resolve())
    with tempfile.TemporaryDirectory() as folder:
        rows = list(measure(kernels, gorace, options.runs, Path(folder)))
    names = kinds()
    table = ["| kernel | class | gorace | Go with `-race` | Go without |", "| --- | --- | --- | --- | --- |",
             *(row.text(names) for row in rows)]
    if options.names:
        print("\n".join(table))
        return
    version = subprocess.run(["go", "version"], capture_output=True, text=True, check=True).stdout.split()[2]
    head = PAGE.read_text().split("## Measured")[0]
    PAGE.write_text(head + "\n".join([
        "## Measured", "",
        f"By `tests/kernels/compare.py --runs {options.runs}`, {version}.", "",
        *summary(rows), "", "## Kernel by kernel", "", *table, ""]))
    print(f"{PAGE.relative_to(ROOT)}: {len(rows)} kernels")


main()
