"""Every program of tests/programs and docs/examples gives its verdict: with each compiler, at
GOMAXPROCS 1, 2 and 8, $GORACE_REPEAT times (default 1; the examples three times as often)."""
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from program import PROCS, all_programs, compilers, complaints, execute

REPEAT = int(os.environ.get("GORACE_REPEAT", "1"))
CASES = [(p, c) for p in all_programs() for c in compilers()]


@pytest.fixture(scope="module")
def built(build):
    for program, compiler in CASES:
        build.ahead(program.path, compiler, program.flags or ["-O1"])
    return build


@pytest.mark.parametrize("program,compiler", CASES, ids=[f"{p.name}-{c}" for p, c in CASES])
def test_program_gives_its_verdict(built, gorace, program, compiler):
    binary = built(program.path, compiler, program.flags or ["-O1"])
    times = REPEAT * (3 if "examples" in program.path.parts else 1)

    def once(procs):
        outcome = execute([gorace, "run", "--", binary, *program.args], procs)
        wrong = complaints(program, outcome)
        return f"GOMAXPROCS={procs}: {'; '.join(wrong)}\n{outcome.stderr[-4000:]}" if wrong else None

    with ThreadPoolExecutor(2) as pool:
        failures = [f for f in pool.map(once, [p for _ in range(times) for p in PROCS]) if f]
    assert not failures, f"{len(failures)} of {times * len(PROCS)} runs:\n{failures[0]}"
