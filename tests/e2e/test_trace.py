"""Post-mortem: a recorded trace tells what the run told, whatever happened to the program."""
import os
import re
import signal
import subprocess
import time

import pytest

from program import ROOT, all_programs, clean_environment, execute

HELP = ROOT / "tests/programs/tools"


def record(gorace, trace, binary, *args, **how):
    return execute([gorace, "record", "-o", trace, "--", binary, *args], **how)


def race_pairs(text):
    """The races of a report as a set of unordered pairs of places."""
    pairs = set()
    for report in re.findall(r"WARNING: DATA RACE\n(.*?)\n={18}", text, re.S):
        sides = re.findall(r"^(?:Previous )?\w+(?: \w+)? at 0x.*?:\n  (.*?)\n      (\S+)", report,
                           re.M | re.I)
        pairs.add(frozenset(place for _, place in sides[:2]))
    return pairs


@pytest.mark.parametrize("name", ["payment_race", "worker_pool", "payment_mutex"])
def test_analysis_finds_what_the_run_found(gorace, example, tmp_path, name):
    trace = tmp_path / "t.gorace"
    recorded = record(gorace, trace, example(name))
    analyzed = execute([gorace, "analyze", trace])
    assert analyzed.status == recorded.status, analyzed.stderr
    said = analyzed.stdout + analyzed.stderr
    assert race_pairs(said) == race_pairs(recorded.stderr)
    assert bool(race_pairs(said)) == (name == "payment_race")


RACES = [p for p in all_programs() if not p.kinds - {"race"} and p.path.parent.name in
         ("annotate", "hb", "access", "memory", "mixed", "pthread")]


@pytest.mark.parametrize("program", RACES, ids=lambda p: p.name)
def test_analysis_agrees_with_the_run(gorace, build, tmp_path, program):
    trace = tmp_path / "t.gorace"
    binary = build(program.path, flags=program.flags or ["-O1"])
    recorded = record(gorace, trace, binary, *program.args)
    analyzed = execute([gorace, "analyze", trace])
    assert recorded.status == program.status, recorded
    assert analyzed.kinds() == program.kinds, analyzed.stderr
    assert race_pairs(analyzed.stderr) == race_pairs(recorded.stderr)


def test_leak_is_in_the_trace(gorace, example, tmp_path):
    trace = tmp_path / "t.gorace"
    record(gorace, trace, example("parser_nil_channel"))
    analyzed = execute([gorace, "analyze", trace])
    assert "WARNING: GOROUTINE LEAK" in analyzed.stdout + analyzed.stderr


def test_killed_program_leaves_a_readable_trace(gorace, build, tmp_path):
    trace = tmp_path / "t.gorace"
    outcome = record(gorace, trace, build(HELP / "race_then_kill.c"))
    assert "WARNING: DATA RACE" in outcome.stderr
    analyzed = execute([gorace, "analyze", trace])
    assert analyzed.status == 66, analyzed.stderr
    assert "WARNING: DATA RACE" in analyzed.stdout + analyzed.stderr


def test_killed_with_its_recorder_leaves_a_readable_trace(gorace, build, tmp_path):
    trace = tmp_path / "t.gorace"
    child = subprocess.Popen([gorace, "record", "-o", trace, "--", build(HELP / "echo.c"), "wait"],
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                             env=clean_environment(), start_new_session=True)
    assert child.stdout.readline() == b"waiting\n"
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    time.sleep(0.1)
    analyzed = execute([gorace, "analyze", trace])
    assert analyzed.status == 0, analyzed.stderr


def test_dump_lists_events(gorace, example, tmp_path):
    trace = tmp_path / "t.gorace"
    record(gorace, trace, example("payment_mutex"))
    dumped = execute([gorace, "dump", trace])
    assert dumped.status == 0
    for word in ("acquire", "release", "fork"):
        assert word in dumped.stdout


@pytest.mark.parametrize("what", ["missing", "empty", "foreign", "short", "folder"])
def test_unreadable_trace_is_125_with_one_line(gorace, tmp_path, what):
    trace = tmp_path / "t.gorace"
    if what == "empty":
        trace.write_bytes(b"")
    elif what == "foreign":
        trace.write_bytes(b"\x7fELF" + os.urandom(10_000))
    elif what == "short":
        trace.write_bytes(b"GORACETR\x01")
    elif what == "folder":
        trace.mkdir()
    for command in ("analyze", "dump"):
        outcome = execute([gorace, command, trace])
        assert outcome.status == 125
        lines = outcome.stderr.strip().splitlines()
        assert len(lines) == 1 and lines[0].startswith("gorace: "), outcome.stderr


def test_trace_of_another_version_is_refused(gorace, example, tmp_path):
    trace = tmp_path / "t.gorace"
    record(gorace, trace, example("worker_pool"))
    data = bytearray(trace.read_bytes())
    data[8] = 99
    trace.write_bytes(data)
    outcome = execute([gorace, "analyze", trace])
    assert outcome.status == 125 and len(outcome.stderr.strip().splitlines()) == 1


def test_cut_trace_is_read_up_to_the_cut(gorace, example, tmp_path):
    trace = tmp_path / "t.gorace"
    record(gorace, trace, example("payment_race"))
    data = trace.read_bytes()
    for part in (0.999, 0.9, 0.6):
        size = max(4200, int(len(data) * part))
        (tmp_path / "cut.gorace").write_bytes(data[:size])
        outcome = execute([gorace, "analyze", tmp_path / "cut.gorace"])
        assert outcome.status in (0, 66), outcome.stderr
        assert re.search(r"cut|truncated", outcome.stderr)


def test_damaged_traces_never_crash_the_reader(gorace, example, tmp_path):
    trace, bad = tmp_path / "t.gorace", tmp_path / "bad.gorace"
    record(gorace, trace, example("payment_race"))
    data = trace.read_bytes()
    for at in range(0, len(data), max(1, len(data) // 40)):
        broken = bytearray(data)
        broken[at] ^= 0xFF
        bad.write_bytes(broken)
        outcome = execute([gorace, "analyze", bad])
        assert outcome.status in (0, 66, 125), (at, outcome)


def test_record_never_overwrites_what_it_cannot_replace(gorace, example, tmp_path):
    precious = tmp_path / "precious.txt"
    precious.write_text("not a trace")
    outcome = record(gorace, precious, example("worker_pool"))
    assert outcome.status == 125 and precious.read_text() == "not a trace"


def test_record_passes_status_and_output(gorace, build, tmp_path):
    outcome = record(gorace, tmp_path / "t.gorace", build(HELP / "echo.c"), "exit", "7")
    assert outcome.status == 7
