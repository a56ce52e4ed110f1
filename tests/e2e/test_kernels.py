"""Every bug kernel of tests/kernels is found, and its repaired twin is silent: with each compiler, at
GOMAXPROCS 1, 2 and 8, $GORACE_REPEAT times (default 1)."""
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from program import PROCS, ROOT, compilers

sys.path.insert(0, str(ROOT / "tests/kernels"))
from kernels import all_kernels, look, meets  # noqa: E402

REPEAT = int(os.environ.get("GORACE_REPEAT", "1"))
KERNELS = all_kernels()
CASES = [(k, c) for k in KERNELS for c in compilers()]
FLAGS = {"buggy": ["-O1"], "repaired": ["-O1", "-DREPAIRED"]}


@pytest.fixture(scope="module")
def built(build):
    for kernel, compiler in CASES:
        for flags in FLAGS.values():
            build.ahead(kernel.path, compiler, flags)
    return build


def complaints(kernel, version, findings, outcome):
    if version == "repaired":
        wrong = [f"{f.rule} in the repaired version" for f in findings]
        return wrong + ([f"exit status {outcome.status}"] if outcome.status else [])
    wrong = meets(kernel, findings)
    return [] if kernel.luck and not findings else wrong


@pytest.mark.parametrize("kernel,compiler", CASES, ids=[f"{k.name}-{c}" for k, c in CASES])
def test_kernel(built, gorace, tmp_path, kernel, compiler):
    def once(task):
        number, version, procs = task
        binary = built(kernel.path, compiler, FLAGS[version])
        findings, outcome = look(gorace, binary, procs, tmp_path / f"{number}.json")
        wrong = complaints(kernel, version, findings, outcome)
        return wrong and (f"{version}, GOMAXPROCS={procs}: {'; '.join(wrong)}\n"
                          f"found: {[(f.rule, f.headline) for f in findings]}\n{outcome.stderr[-4000:]}")

    tasks = [(f"{v}-{p}-{i}", v, p) for i in range(REPEAT) for v in FLAGS for p in PROCS]
    with ThreadPoolExecutor(2) as pool:
        failures = [f for f in pool.map(once, tasks) if f]
    assert not failures, f"{len(failures)} of {len(tasks)} runs:\n{failures[0]}"


def test_kernels_are_many_and_have_twins():
    assert len(KERNELS) >= 60
    assert {k.name for k in KERNELS if k.luck or k.wants or k.kind} == {k.name for k in KERNELS}
    assert {k.name for k in KERNELS} == {p.stem for p in (ROOT / "tests/kernels/go").glob("*.go")} - {"check"}
