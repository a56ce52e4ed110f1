"""Findings about locks: in JSON and back, out of a trace, suppressed, each once."""
import json
import re

import pytest

from program import ROOT, execute

ORDER = ROOT / "tests/programs/lockorder"
MISUSE = ROOT / "tests/programs/lockmisuse"


def reports(text):
    return re.findall(r"^={18}\n(.*?)^={18}$", text, re.S | re.M)


@pytest.mark.parametrize("path", [ORDER / "order_three.c", ORDER / "order_read_write.c", ORDER / "order_heap.c",
                                  MISUSE / "misuse_unlock_by_other.c", MISUSE / "misuse_freed.c"],
                         ids=lambda p: p.stem)
def test_json_holds_what_text_says(gorace, build, tmp_path, path):
    binary, saved = build(path), tmp_path / "f.json"
    assert execute([gorace, "run", "--format=json", "-o", saved, "--", binary]).status == 66
    finding, = json.loads(saved.read_text())["findings"]
    shown = execute([gorace, "report", saved])
    report, = reports(shown.stderr + shown.stdout)
    assert report.startswith(finding["headline"])
    for lock in finding["locks"]:
        assert f"{lock['type']}" in report and re.search(rf"\(0x0*{lock['address'][2:]}\)", report)
    for step in finding.get("steps", []):
        assert {step["held"], step["wanted"]} <= {lock["address"] for lock in finding["locks"]}
        for stack in (step["held_at"], step["wanted_at"]):
            assert f"  {stack[0]['function']}()\n      {stack[0]['file']}:{stack[0]['line']}" in report
    names = [lock["location"].get("name") for lock in finding["locks"]]
    assert all(f"'{name}'" in report for name in names if name)


@pytest.mark.parametrize("path", [ORDER / "order_goroutines.c", MISUSE / "misuse_destroyed.c"], ids=lambda p: p.stem)
def test_a_trace_tells_the_same(gorace, build, tmp_path, path):
    trace = tmp_path / "t.gorace"
    recorded = execute([gorace, "record", "-o", trace, "--", build(path)])
    analyzed = execute([gorace, "analyze", trace])
    assert recorded.status == analyzed.status == 66
    assert reports(analyzed.stderr) == reports(recorded.stderr) != []


@pytest.mark.parametrize("rule,left", [("deadlock:first", 0), ("lock-order:^a$", 0), ("deadlock:main", 0),
                                       ("deadlock:nobody", 1), ("race:first", 1)])
def test_suppressed_by_its_code_or_its_locks(gorace, build, tmp_path, rule, left):
    (tmp_path / "s.supp").write_text(rule + "\n")
    outcome = execute([gorace, "run", f"--suppressions={tmp_path}/s.supp", "--", build(ORDER / "order_pthreads.c")])
    assert len(reports(outcome.stderr)) == left, outcome
    assert outcome.status == (66 if left else 0)


def test_a_circle_is_told_once(gorace, build, tmp_path):
    source = tmp_path / "often.c"
    source.write_text(f"""
#include "{ORDER}/turns.h"
static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER, b = PTHREAD_MUTEX_INITIALIZER;
static void first(void) {{ NEST(pthread_mutex, &a, &b); }}
static void second(void) {{ NEST(pthread_mutex, &b, &a); }}
static void third(void) {{ NEST(pthread_mutex, &b, &a); }}
int main(void) {{ threads_in_turn(first, second, first, second, third, first); }}
""")
    outcome = execute([gorace, "run", "--", build(source)])
    assert len(reports(outcome.stderr)) == 1, outcome


def test_it_is_told_before_the_program_is_killed(gorace, build, tmp_path):
    source = tmp_path / "killed.c"
    source.write_text(f"""
#include "{ORDER}/turns.h"
#include <signal.h>
static gr_mutex a, b;
static void first(void) {{ NEST(gr_mutex, &a, &b); }}
static void second(void) {{ NEST(gr_mutex, &b, &a); raise(SIGKILL); }}
int main(void) {{ goroutines_in_turn(first, second); }}
""")
    outcome = execute([gorace, "run", "--", build(source)])
    assert "LOCK ORDER INVERSION" in outcome.stderr and outcome.status == 66, outcome
