"""libgorace alone, with a plain compiler: panics, fatal errors and deadlocks in Go's words, status 2."""
import re
import subprocess

import pytest

from program import ROOT, PROCS, all_programs, clean_environment, execute, tool
from pathlib import Path

# Circles are the detector's to tell; so is what threads wait for.
PROGRAMS = [p for p in all_programs() if not p.path.name.startswith(("deadlock_cycle_", "deadlock_asleep_", "none_asleep_")) and "queued.h" not in p.path.read_text()
            if "pthread" not in p.path.read_text().replace("pthread_cond", "") or p.kinds & {"panic", "fatal"}]
ENDING = [p for p in PROGRAMS if p.kinds & {"panic", "fatal", "deadlock"} and p.path.suffix == ".c" and not p.kinds & {"race", "leak"}]
QUIET = [p for p in PROGRAMS if not p.kinds and p.path.parent.name in ("examples", "deadlock")]


@pytest.fixture(scope="session")
def plain(tmp_path_factory):
    folder, library = tmp_path_factory.mktemp("plain"), Path(tool()).parents[1] / "lib/libgorace.a"

    def build(program):
        binary = folder / program.path.stem
        subprocess.run(["cc", "-g", "-O1", "-I", ROOT / "runtime/include", program.path, "-o", binary,
                        library, "-lpthread"], check=True, env=clean_environment())
        return binary
    return build


@pytest.mark.parametrize("program", ENDING, ids=lambda p: p.name)
def test_ends_as_go_does(plain, program):
    for procs in PROCS:
        outcome = execute([plain(program)], procs)
        assert outcome.status == 2, outcome
        assert outcome.kinds() == program.kinds, outcome
        words = re.search(r"^(panic|fatal error): (.*)\n", outcome.stderr, re.M)
        dump = outcome.stderr[words.end():]
        assert re.match(r"\ngoroutine \d+ \[", dump) or words[2].startswith("no goroutines"), outcome.stderr
        for pattern in program.stderr:
            assert re.search(pattern, outcome.stderr, re.M), outcome.stderr


@pytest.mark.parametrize("program", QUIET, ids=lambda p: p.name)
def test_runs_without_a_word(plain, program):
    for procs in PROCS:
        outcome = execute([plain(program)], procs)
        assert outcome.status == 0 and not outcome.stderr, outcome
