"""Misuse of the runtime: what a report tells beside its verdict, which the programs of tests/programs/misuse are
held to already; with options, in other formats, from a trace, and in libgorace alone."""
import json
import re
import subprocess
from pathlib import Path

import pytest

from program import PROCS, ROOT, clean_environment, execute, tool

PROGRAMS = ROOT / "tests/programs"


@pytest.fixture
def binary(build):
    return lambda name: build(PROGRAMS / name)


def run(gorace, program, *options, procs=2, **env):
    return execute([gorace, "run", *options, "--", program], procs, **env)


@pytest.mark.parametrize("procs", PROCS)
def test_done_too_often_tells_of_the_last_one(gorace, binary, procs):
    told = run(gorace, binary("panic/panic_done_twice.c"), procs=procs).stderr
    assert re.search(r"^Counter came to zero last by goroutine 2 at:\nworker\(\)\n\t.*panic_done_twice.c:9", told, re.M)


@pytest.mark.parametrize("procs", PROCS)
@pytest.mark.parametrize("name,words", [
    ("unlock_twice", r"^Unlocked before by goroutine 2 at:\nwork\(\)"),
    ("unlock_rwmutex_twice", r"^Unlocked before by main goroutine at:\nmain\(\)\n\t.*twice.c:10 ")])
def test_an_unlock_too_many_tells_of_the_last_one(gorace, binary, name, words, procs):
    assert re.search(words, run(gorace, binary(f"panic/panic_{name}.c"), procs=procs).stderr, re.M)


@pytest.mark.parametrize("name", ["unlock_unlocked", "unlock_unlocked_rwmutex", "cond_wait_unlocked"])
def test_a_lock_that_was_never_locked_has_no_past(gorace, binary, name):
    assert "before" not in run(gorace, binary(f"panic/panic_{name}.c")).stderr


@pytest.mark.parametrize("procs", PROCS)
def test_who_holds_what_a_sleeper_waits_for(gorace, binary, procs):
    told = run(gorace, binary("deadlock/deadlock_mutex.c"), procs=procs).stderr
    assert re.search(r"^Held by (main goroutine|goroutine \d+), who took it at:\n\w+\(\)", told, re.M)


@pytest.mark.parametrize("procs", PROCS)
def test_convoys_are_told_of_when_asked_for(gorace, binary, procs):
    program = binary("misuse/none_convoy.c")
    told = execute([gorace, "run", "--", program], procs, GORACE_OPTIONS="convoy_ms=100")
    assert told.status == 66 and told.stderr.count("WARNING: MISUSE") == 1
    assert "a goroutine waits while it holds a lock that others wait for" in told.stderr
    assert re.search(r"^Held by main goroutine, who took it at:\n  ask\(\)\n.*none_convoy.c:17", told.stderr, re.M)
    assert re.search(r"^Waited on by goroutine \d+ \[sync.Mutex.Lock\] at:\n  reader\(\)", told.stderr, re.M)
    assert execute([gorace, "run", "--", program, "politely"], procs, GORACE_OPTIONS="convoy_ms=100").status == 0
    assert execute([gorace, "run", "--", program], procs, GORACE_OPTIONS="convoy_ms=60000").status == 0


@pytest.mark.parametrize("name", ["misuse_select_spin_signal", "misuse_receive_spin"])
def test_spins_are_not_told_of_without_a_limit(gorace, binary, name):
    program = binary(f"misuse/{name}.c")
    assert run(gorace, program, GORACE_OPTIONS="select_spin=0").status == 0
    assert run(gorace, program, GORACE_OPTIONS="select_spin=1000000").status == 0
    assert run(gorace, program).status == 66


@pytest.mark.parametrize("procs", PROCS)
def test_goroutines_are_told_of_again_when_there_are_ten_times_as_many(gorace, binary, procs):
    program = binary("misuse/misuse_goroutines_pile_up.c")

    def times(limit):
        told = run(gorace, program, procs=procs, GORACE_OPTIONS=f"max_goroutines={limit}")
        return told.stderr.count("goroutines started without limit")
    assert [times(n) for n in (0, 15000, 10000, 1000)] == [0, 0, 1, 2]


def test_any_goroutines_are_told_of_when_there_are_very_many(gorace, binary):
    told = run(gorace, binary("misuse/none_many_sleeping.c"), procs=1, GORACE_OPTIONS="max_goroutines=50").stderr
    assert told.count("goroutines started without limit") == 1
    assert re.search(r"^\d+ goroutines live that were started at:\n  main\(\)", told, re.M)
    assert re.search(r"^\d+ of them wait \[sleep\] at:\n  nap\(\)", told, re.M)


def test_what_was_done_before_is_in_json(gorace, binary, tmp_path):
    out = tmp_path / "findings.json"
    run(gorace, binary("misuse/misuse_use_of_freed_channel.c"), "--format=json", "-o", out)
    (finding,) = json.loads(out.read_text())["findings"]
    assert finding["rule"] == "GR5003"
    (past,) = finding["past"]
    assert past["kind"] == "freed" and past["number"] == 1 and past["stack"][0]["function"] == "main"
    again = execute([gorace, "report", out]).stderr + execute([gorace, "report", out]).stdout
    assert "Freed by main goroutine at:\n  main()" in again


def test_a_wait_group_is_no_data_race(gorace, binary):
    told = run(gorace, binary("misuse/misuse_waitgroup_add_inside.c"))
    assert "DATA RACE" not in told.stderr and "Found" not in told.stderr
    assert run(gorace, binary("misuse/misuse_waitgroup_add_inside.c"), "--fail-on=race").status == 0


@pytest.mark.parametrize("name,words", [
    ("misuse/misuse_waitgroup_add_inside.c", "Call Add before the go statement"),
    ("misuse/misuse_receive_spin.c", "Closed by goroutine 2 at:\n  producer()")])
def test_a_trace_tells_the_same(gorace, binary, tmp_path, name, words):
    trace = tmp_path / "t.gorace"
    execute([gorace, "record", "-o", trace, "--", binary(name)])
    told = execute([gorace, "analyze", trace])
    assert words in told.stdout + told.stderr
    assert (told.stdout + told.stderr).count("WARNING: MISUSE") == 1


def test_the_place_of_a_go_statement_can_be_suppressed(gorace, binary, tmp_path):
    rules = tmp_path / "rules"
    rules.write_text("misuse:start\n")
    program = binary("misuse/misuse_goroutines_pile_up.c")
    assert run(gorace, program, f"--suppressions={rules}").status == 0


# --- libgorace ---

@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    folder, library = tmp_path_factory.mktemp("plain"), Path(tool()).parents[1] / "lib/libgorace.a"

    def build(name):
        binary = folder / Path(name).stem
        subprocess.run(["cc", "-g", "-O1", "-I", ROOT / "runtime/include", PROGRAMS / name, "-o", binary, library,
                        "-lpthread"], check=True, env=clean_environment())
        return binary
    return build


@pytest.mark.parametrize("procs", PROCS)
@pytest.mark.parametrize("name,words", [
    ("misuse_use_of_freed_channel", r"^Freed by main goroutine at:\n  main\(\)"),
    ("misuse_select_on_freed", r"^Freed by goroutine 2 at:\n  freer\(\)"),
    ("misuse_freed_twice", r"^Freed by main goroutine at:\n  main\(\)"),
    ("misuse_closed_when_freed", r"^Freed by main goroutine at:\n  main\(\)"),
    ("misuse_busy_channel_freed", r"^Waited on by goroutine 2 \[chan receive\] at:\n  waiter\(\)"),
    ("misuse_context_freed", r"^Freed by main goroutine at:\n  main\(\)")])
def test_the_library_tells_too(plain, name, words, procs):
    told = execute([plain(f"misuse/{name}.c")], procs)
    assert told.stderr.count("WARNING: MISUSE") == 1 and re.search(words, told.stderr, re.M), told
    assert told.status == 0


@pytest.mark.parametrize("procs", PROCS)
def test_the_library_tells_of_a_once_in_itself(plain, procs):
    told = execute([plain("deadlock/deadlock_cycle_recursive_once.c")], procs)
    assert re.search(r"^WARNING: MISUSE: the function of a once calls the same once$", told.stderr, re.M), told
    assert re.search(r"^  helper\(\)\n.*\n  init\(\)\n.*\n  main\(\)", told.stderr, re.M), told
    assert told.status == 2 and "all goroutines are asleep" in told.stderr


@pytest.mark.parametrize("name", ["none_channels_freed_in_order", "none_receive_to_the_end", "none_batch_of_short",
                                  "none_once_in_once", "none_waitgroup_cycles"])
def test_the_library_is_silent(plain, name):
    for procs in PROCS:
        told = execute([plain(f"misuse/{name}.c")], procs)
        assert told.status == 0 and not told.stderr


def test_without_memory_the_largest_go_statement_is_named(plain):
    program = plain("misuse/misuse_goroutines_pile_up.c")
    for request in range(10, 200, 10):
        told = execute([program], GORACE_FAULT=f"mmap:{request}")
        if "fatal error: out of memory: no room for a goroutine" in told.stderr:
            break
    assert told.status == 2
    assert re.search(r"^\d+ goroutines live that were started at:\nstart\(\)\n", told.stderr, re.M), told.stderr[-2000:]
