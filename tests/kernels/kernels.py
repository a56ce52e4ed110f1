"""The bug kernels: small programs with one known bug each, and what gorace must find in them.

The first lines of tests/kernels/NAME.c hold its class and its verdict:

    // class: resource deadlock: AB-BA
    // want: GR2002|GR3001 refresh    a finding of one of these rules that names this; or: none
    // luck: why                      the bug needs luck: it may be missed, but nothing else be found

Built with -DREPAIRED it has no bug, and nothing must be found.
"""
import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent / "e2e"))

from program import execute  # noqa: E402

# What a kernel's finding may bring along: a cycle or a lock order that was seen before all slept, those who
# wait for ever once more at the end of main, the race of a send that panics with the close; and what was wrong
# on the way there: a lock that is kept while its owner waits or ends.
COMPANIONS = {
    "GR2001": {"GR2002", "GR3001", "GR4001", "GR5008", "GR5024"},
    "GR2002": {"GR3001", "GR3002", "GR4001", "GR5008"},
    "GR3001": {"GR3002", "GR5008", "GR5024"},
    "GR9001": {"GR1002"},
}


@dataclass
class Kernel:
    name: str
    path: Path
    kind: str = ""
    luck: str = ""
    wants: list = field(default_factory=list)   # of (rules, name)


@dataclass
class Finding:
    rule: str
    headline: str
    names: set      # functions of its stacks, its message


def read_kernel(path):
    kernel = Kernel(path.stem, path)
    for key, value in re.findall(r"^// (class|want|luck): (.*)$", path.read_text(), re.M):
        if key == "class":
            kernel.kind = value
        elif key == "luck":
            kernel.luck = value
        elif value != "none":
            rules, _, name = value.partition(" ")
            kernel.wants.append((rules.split("|"), name))
    return kernel


def all_kernels():
    return [read_kernel(path) for path in sorted(FOLDER.glob("*.c"))]


def names_in(part):
    """All functions and messages anywhere in a finding's JSON."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key in ("function", "message", "headline") and isinstance(value, str):
                yield value
            else:
                yield from names_in(value)
    elif isinstance(part, list):
        for value in part:
            yield from names_in(value)


def look(gorace, binary, procs, report, timeout=20):
    """Run a kernel; (what was found, the outcome)."""
    report.unlink(missing_ok=True)
    outcome = execute([gorace, "run", "--format=json", "-o", report, "--", binary], procs, timeout)
    found = json.loads(report.read_text())["findings"] if report.exists() else []
    return [Finding(f["rule"], f["headline"], set(names_in(f))) for f in found], outcome


def meets(kernel, findings):
    """What findings lack or have too much of against the kernel's verdict, as a list of sentences."""
    wrong, welcome = [], set()
    for rules, name in kernel.wants:
        welcome.update(rules, *(COMPANIONS.get(rule, ()) for rule in rules))
        if not any(f.rule in rules and any(name in n for n in f.names) for f in findings):
            wrong.append(f"no {'|'.join(rules)} that names '{name}'")
    wrong += [f"{f.rule} is not wanted: {f.headline}" for f in findings if f.rule not in welcome]
    return wrong
