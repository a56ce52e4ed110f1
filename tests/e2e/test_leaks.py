"""Leaks that are looked for while the program goes on: `gorace run --leak-interval`, suppressions, JSON."""
import json

from program import ROOT, execute

LOST = ROOT / "tests/programs/leak/leak_lost_ring.c"

# Runs until something was reported, or for too long.
PROGRAM = """
#include "%s/lost.h"
static void stuck(gr_chan *c) {
    gr_waitgroup_done(&begun);
    gr_recv(c, NULL);
}
static void forget(void) { go(stuck, gr_make(int, 0)); }
int main(void) {
    leave_behind(forget, 1);
    for (int i = 0; i < 30; i++) gr_sleep(100 * GR_MILLISECOND);
    printf("main goes on\\n");
    fflush(stdout);
    _Exit(0);
}
"""


def build_waiter(build, tmp_path):
    source = tmp_path / "waiter.c"
    source.write_text(PROGRAM % LOST.parent)
    return build(source)


def test_a_leak_is_told_while_main_goes_on(build, gorace, tmp_path):
    binary = build_waiter(build, tmp_path)
    outcome = execute([gorace, "run", "--leak-interval=0.1", "--", binary])
    assert outcome.status == 66
    assert outcome.stderr.count("WARNING: GOROUTINE LEAK") == 1, outcome.stderr
    assert "nothing can wake it" in outcome.stderr
    assert "main goes on" in outcome.stdout


def test_a_suppressed_leak_does_not_count(build, gorace, tmp_path):
    binary = build(ROOT / "tests/programs/leak/leak_lost_channel.c")
    rules = tmp_path / "rules"
    rules.write_text("leak:stuck\n")
    outcome = execute([gorace, "run", f"--suppressions={rules}", "--", binary], timeout=120)
    assert outcome.status == 0, outcome.stderr
    assert "WARNING" not in outcome.stderr


def test_json_says_who_can_reach_what(build, gorace, tmp_path):
    binary = build(LOST)
    report = tmp_path / "report.json"
    execute([gorace, "run", "--format=json", "-o", report, "--", binary])
    (finding,) = json.loads(report.read_text())["findings"]
    assert finding["rule"] == "GR3001"
    assert [a["object"]["reach"] for a in finding["actors"]] == ["stuck", "stuck"]


def test_an_interval_is_a_number_of_seconds(gorace):
    outcome = execute([gorace, "run", "--leak-interval=soon", "--", "true"])
    assert outcome.status == 125
    assert "--leak-interval wants seconds" in outcome.stderr
