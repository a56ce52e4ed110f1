"""The bench compares like with like, and its programs are right: each workload checks its own result."""
import re
import subprocess

import pytest

from program import PROCS, ROOT, clean_environment, execute, tool
from pathlib import Path

BENCH = ROOT / "tests/bench"
SMALL = {"sieve": "50", "mutex8": "8000", "deep": "20000"}


def table(source):
    """{workload: operations, if it says}."""
    text = (BENCH / source).read_text()
    text = text[text.index("} table[]" if source.endswith(".c") else "table := map"):]
    rows = re.findall(r'\{"(\w+)", \w+(?:, (\d+))?\}', text) if source.endswith(".c") else \
        re.findall(r'"(\w+)":\s*\{?\w+(?:, (\d+)\})?', text)
    return dict(rows)


@pytest.mark.parametrize("name", ["runtime", "many"])
def test_both_sides_do_the_same(name):
    ours = table(f"{name}.c")
    assert len(ours) > 4 and ours == table(f"{name}.go")


@pytest.fixture(scope="session")
def plain(tmp_path_factory):
    folder, library = tmp_path_factory.mktemp("bench"), Path(tool()).parents[1] / "lib/libgorace.a"
    for name in ("runtime", "many"):
        subprocess.run(["cc", "-O2", "-I", ROOT / "runtime/include", BENCH / f"{name}.c", "-o", folder / name,
                        library, "-lpthread"], check=True, env=clean_environment())
    return folder


def runs(command):
    for procs in PROCS:
        outcome = execute(command, procs)
        assert outcome.status == 0 and not outcome.stderr, outcome
        assert all(float(word) >= 0 for word in outcome.stdout.split()), outcome


@pytest.mark.parametrize("name", table("runtime.c"))
def test_workload(plain, name):
    runs([plain / "runtime", name, SMALL.get(name, "10000")])


@pytest.mark.parametrize("name", table("many.c"))
def test_workload_of_many(plain, name):
    runs([plain / "many", name, "1000"])


@pytest.mark.parametrize("name", table("runtime.c"))
def test_workload_checked(build, name):
    runs([build(BENCH / "runtime.c", flags=("-O2",)), name, SMALL.get(name, "1000")])
