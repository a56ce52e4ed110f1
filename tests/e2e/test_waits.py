"""Circles of those who wait for each other: how long a report is, and that it is kept and rendered again whole."""
import json
import os
import re
import signal
import subprocess

import pytest

from program import ROOT, clean_environment, execute

DEADLOCKS = ROOT / "tests/programs/deadlock"


@pytest.fixture(scope="module")
def large(build):
    return build(DEADLOCKS / "deadlock_cycle_ring_large.c")


def test_large_circle_is_told_in_few_lines(gorace, large):
    outcome = execute([gorace, "run", "--", large], 2)
    report, asleep = outcome.stderr.split("fatal error: all goroutines are asleep")
    assert report.count("WARNING: DEADLOCK") == 1
    assert len(report.splitlines()) < 60 and len(outcome.stderr.splitlines()) < 60, outcome.stderr


def test_circle_is_told_once_and_lasts_in_json(gorace, build, tmp_path):
    binary, kept = build(DEADLOCKS / "deadlock_cycle_threads.c"), tmp_path / "findings.json"
    outcome = execute([gorace, "run", "--format=json", "-o", kept, "--", binary], 2)
    assert outcome.status == 66, outcome
    finding, = json.loads(kept.read_text())["findings"]
    assert (finding["kind"], finding["rule"]) == ("DEADLOCK", "GR2002")
    first, second = finding["actors"]
    assert first["waits_for"] == second["id"] and second["waits_for"] == first["id"]
    for one, other in ((first, second), (second, first)):
        hold, = one["holds"]
        assert hold["address"] == other["object"]["address"] and hold["name"] == other["object_name"]
        assert hold["type"] == "pthread_mutex_t" and hold["taken_at"][0]["function"] in ("first", "second")
        assert one["stack"][0]["function"] == hold["taken_at"][0]["function"]
    again = execute([gorace, "report", kept]).stdout
    told = execute([gorace, "run", "--", binary], 2).stderr
    addresses = re.compile(r"0x[0-9a-f]+")
    body = lambda text: addresses.sub("", text[text.index("WARNING"):text.rindex("=====")])
    assert set(body(again).splitlines()) == set(body(told).splitlines())


def test_deadlock_can_be_suppressed(gorace, build, tmp_path):
    binary, rules = build(DEADLOCKS / "deadlock_cycle_threads.c"), tmp_path / "rules"
    rules.write_text("deadlock:^second$\n")
    outcome = execute([gorace, "run", f"--suppressions={rules}", "--", binary], 2)
    assert outcome.status == 0 and "WARNING" not in outcome.stderr, outcome


def test_threads_asleep_without_gorace_run(build):
    outcome = execute([build(DEADLOCKS / "deadlock_asleep_cond.c")], 2)
    assert outcome.status == 2, outcome
    assert re.search(r"^fatal error: all goroutines are asleep - deadlock!\n\nmain thread \[pthread_join\]:\n",
                     outcome.stderr, re.M), outcome.stderr


def test_dump_shows_threads_in_calls(build):
    binary = build(ROOT / "tests/programs/tools/standing.c")
    child = subprocess.Popen([str(binary), "wait"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             env=clean_environment(GOMAXPROCS=2), start_new_session=True)
    try:
        assert child.stdout.readline() == b"ready\n"
        child.send_signal(signal.SIGQUIT)
        text = child.communicate(timeout=60)[1].decode()
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
    assert child.returncode == 2, text
    for who, function in ((r"thread T\d+ \[read\]", "reads"), (r"thread T\d+ \[nanosleep\]", "sleeps"),
                          (r"thread T\d+ \[sem_wait\]", "waits"), (r"goroutine \d+ \[sem_wait\]", "waits_as_goroutine")):
        assert re.search(rf"^{who}:\n{function}\(\)\n\t\S*standing\.c:\d+ \+0x[0-9a-f]+\ncreated by main\n", text, re.M), text
