"""sample=SHARE: accesses are looked at in a share of the time; what is reported is true all the same."""
import json
import platform
import re

import pytest

from program import ROOT, compilers, execute, read_program

HELP = ROOT / "tests/programs/tools"
HB = ROOT / "tests/programs/hb"

pytestmark = pytest.mark.skipif(platform.machine() != "x86_64", reason="sampling is for x86-64")

SEEN = re.compile(r", sampled: (?:less than )?([0-9.]+) % of accesses seen, exit status")


def run(gorace, binary, *args, share="1%", seed=1, **how):
    return execute([gorace, "run", "--", binary, *args], GORACE_OPTIONS=f"sample={share} sample_seed={seed}", **how)


@pytest.mark.parametrize("word", ["sample=0", "sample=101%", "sample=1.5", "sample=", "sample=x", "sample=1%%",
                                  "sample", "sample=-1%", "sample=."])
def test_what_is_no_share_is_left_out(build, word):
    outcome = execute([build(HELP / "two_races.c")], GORACE_OPTIONS=word)
    assert f"gorace: GORACE_OPTIONS: sample wants a share such as 1% or 0.01: '{word}' is left out\n" in outcome.stderr
    assert outcome.status == 66


@pytest.mark.parametrize("share", ["100%", "1", "1.0", "100.0%"])
def test_all_is_seen(gorace, build, share):
    outcome = run(gorace, build(HELP / "race_in_loop.c"), share=share)
    assert outcome.status == 66 and not SEEN.search(outcome.stderr), outcome


@pytest.mark.parametrize("compiler", compilers())
@pytest.mark.parametrize("flags", [("-O0",), ("-O2",), ("-O2", "-fno-pie", "-no-pie", "-fno-plt")])
def test_race_in_a_hot_loop(gorace, build, compiler, flags):
    binary = build(HELP / "race_in_loop.c", compiler, flags)
    found = 0
    for seed in range(1, 6):
        outcome = run(gorace, binary, "12000000", share="5%", seed=seed)
        assert outcome.status in (0, 66), outcome
        assert float(SEEN.search(outcome.stderr).group(1)) < 60, outcome
        if outcome.status != 66:
            continue
        found += 1
        for part in re.split(r"\n(?=\n|Previous)", outcome.stderr)[:2]:  # who called whom is known on both sides
            if re.search(r"(Read|Write|read|write) at", part):
                assert re.search(r"leaf\(\)\n.*\n +middle\(\)\n.*\n +run\(\)\n", part), outcome
        assert "created" in outcome.stderr and re.search(r"created.*at:\n +main\(\)", outcome.stderr), outcome
    assert found >= 3


@pytest.mark.parametrize("compiler", compilers())
def test_nothing_is_made_up(gorace, build, compiler):
    binary = build(HELP / "norace_in_loop.c", compiler, ("-O1",))
    for seed in range(1, 13):
        outcome = run(gorace, binary, "400", share=("50%", "20%", "5%")[seed % 3], seed=seed, procs=1 + seed % 3)
        assert outcome.status == 0 and "nothing found" in outcome.stderr, (seed, outcome)


@pytest.mark.parametrize("path", sorted(HB.glob("norace_*.c")), ids=lambda p: p.stem)
def test_every_edge_counts(gorace, build, path):
    binary = build(path, flags=("-O1", *read_program(path).flags))
    for seed in (1, 2):
        outcome = run(gorace, binary, share="50%", seed=seed)
        assert outcome.status == 0 and "nothing found" in outcome.stderr, (seed, outcome)


def test_share_is_stated(gorace, build, tmp_path):
    """A program of 60 million accesses and a few more."""
    binary, saved = build(HELP / "norace_lives.c", flags=("-O2",)), tmp_path / "f.json"
    done = execute([gorace, "run", "--format=json", "-o", saved, "--", binary, "60000000"],
                   GORACE_OPTIONS="sample=2% sample_seed=3")
    assert done.status == 0, done
    sampled = json.loads(saved.read_text())["sampled"]
    assert 0 < sampled["seen"] < sampled["of"] / 4, sampled
    assert 240e6 / 10 < sampled["of"] < 240e6 * 10, sampled
    execute([gorace, "run", "--format=json", "-o", saved, "--", binary, "10"])
    assert "sampled" not in json.loads(saved.read_text())


@pytest.mark.parametrize("share", ["50%", "2%"])
def test_what_the_program_does_stays(build, share):
    """Descriptors closed, a fork, the main thread gone before the others."""
    outcome = execute([build(HELP / "norace_lives.c", flags=("-O2",)), "20000000"],
                      GORACE_OPTIONS=f"sample={share} sample_seed=1")
    assert outcome.status == 0 and outcome.stdout == "child 3\nbye\n" and not outcome.stderr, outcome


def test_deadlock_is_seen_all_the_same(gorace, build):
    outcome = run(gorace, build(ROOT / "tests/programs/deadlock/deadlock_ring.c"))
    assert "all goroutines are asleep - deadlock!" in outcome.stderr, outcome


def test_seed_is_a_number(build):
    outcome = execute([build(HELP / "two_races.c")], GORACE_OPTIONS="sample_seed=x")
    assert "sample_seed wants a number" in outcome.stderr and outcome.status == 66
