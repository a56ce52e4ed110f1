"""`gorace run` is transparent for what is not a finding, and strict about what it can't do."""
import json
import os
import re
import select
import signal
import subprocess
import time

import pytest

from program import ROOT, clean_environment, execute

HELP = ROOT / "tests/programs/tools"


@pytest.fixture(scope="module")
def echo(build):
    return build(HELP / "echo.c")


def one_line(outcome):
    lines = [l for l in outcome.stderr.splitlines() if l]
    assert len(lines) == 1 and lines[0].startswith("gorace: "), outcome.stderr


def test_findings_gate_without_gorace_run(example):
    outcome = execute([example("payment_race")])
    assert outcome.status == 66
    assert "WARNING: DATA RACE" in outcome.stderr and "deposit" in outcome.stderr
    assert re.search(r"^Found \d+ data race\(s\)", outcome.stderr, re.M)


def test_nothing_found_without_gorace_run(example):
    outcome = execute([example("worker_pool")])
    assert outcome.status == 0 and "WARNING" not in outcome.stderr


def test_all_asleep_without_gorace_run_is_gos_status(example):
    outcome = execute([example("abba_locks")])
    assert outcome.status in (2, 66)
    assert "all goroutines are asleep - deadlock!" in outcome.stderr


def test_stdin_and_stdout_pass_byte_for_byte(gorace, echo):
    data = os.urandom(300_000) + bytes(range(256))
    done = subprocess.run([gorace, "run", "--", echo, "copy"], input=data, capture_output=True,
                          timeout=60, env=clean_environment())
    assert done.returncode == 0 and done.stdout == data


@pytest.mark.parametrize("status", [0, 1, 2, 66, 77, 255])
def test_exit_status_of_the_program_passes(gorace, echo, status):
    assert execute([gorace, "run", "--", echo, "exit", status]).status == status


def test_arguments_pass_untouched(gorace, echo):
    words = ["", "a b", "--color=never", "--", "$HOME", "\\"]
    outcome = execute([gorace, "run", "--", echo, "words", *words])
    assert outcome.stdout.split("\0")[:-1] == words


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGUSR1])
def test_signals_reach_the_program(gorace, echo, number):
    child = subprocess.Popen([gorace, "run", "--", echo, "wait"], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, env=clean_environment())
    assert child.stdout.readline() == b"waiting\n"
    child.send_signal(number)
    child.communicate(timeout=30)
    status = child.returncode if child.returncode >= 0 else 128 - child.returncode
    assert status == 128 + number


def test_death_by_signal_is_128_plus_its_number(gorace, echo):
    assert execute([gorace, "run", "--", echo, "kill", int(signal.SIGTERM)]).status == 143
    assert execute([gorace, "run", "--", echo, "kill", int(signal.SIGKILL)]).status == 137
    assert execute([gorace, "run", "--", echo, "kill", int(signal.SIGSEGV)]).status == 139


def test_finding_before_a_kill_is_reported(gorace, build):
    outcome = execute([gorace, "run", "--", build(HELP / "race_then_kill.c")])
    assert "WARNING: DATA RACE" in outcome.stderr and outcome.status == 66


def test_unknown_option_is_125(gorace, example):
    outcome = execute([gorace, "run", "--no-such-option", example("worker_pool")])
    assert outcome.status == 125 and "--no-such-option" in outcome.stderr
    assert len(outcome.stderr.splitlines()) == 1
    assert execute([gorace, "no-such-command"]).status == 125
    assert execute([gorace, "run"]).status == 125


def test_missing_program_is_127(gorace, tmp_path):
    outcome = execute([gorace, "run", tmp_path / "missing"])
    assert outcome.status == 127
    one_line(outcome)


def test_program_that_cannot_be_executed_is_126(gorace, tmp_path):
    (tmp_path / "text").write_text("not a program\n")
    outcome = execute([gorace, "run", tmp_path / "text"])
    assert outcome.status == 126
    one_line(outcome)
    assert execute([gorace, "run", tmp_path]).status == 126


def test_uninstrumented_program_is_125(gorace, tmp_path):
    plain = tmp_path / "plain"
    subprocess.run(["cc", "-o", plain, "-xc", "-"], input=b"int main(void) { return 0; }", check=True)
    outcome = execute([gorace, "run", plain])
    assert outcome.status == 125 and "instrument" in outcome.stderr


def test_program_is_found_on_the_path(gorace, example):
    binary = example("worker_pool")
    outcome = execute([gorace, "run", binary.name], PATH=f"{binary.parent}:{os.environ['PATH']}")
    assert outcome.status == 0 and "385" in outcome.stdout


def test_exit_code_and_fail_on(gorace, example):
    binary = example("payment_race")
    assert execute([gorace, "run", "--exit-code=3", "--", binary]).status == 3
    outcome = execute([gorace, "run", "--fail-on=deadlock,leak", "--", binary])
    assert outcome.status == 0 and "WARNING: DATA RACE" in outcome.stderr
    assert execute([gorace, "run", "--fail-on=nonsense", "--", binary]).status == 125


def test_go_options_mean_what_they_mean_in_go(gorace, example, tmp_path):
    binary = example("payment_race")
    assert execute([binary], GORACE="exitcode=9").status == 9
    outcome = execute([binary], GORACE=f"log_path={tmp_path}/log")
    assert "DATA RACE" not in outcome.stderr
    assert "DATA RACE" in "".join(f.read_text() for f in tmp_path.glob("log.*"))
    outcome = execute([binary], GORACE="no_such_key=1")
    assert outcome.status == 66 and "no_such_key" in outcome.stderr
    outcome = execute([binary], GORACE="halt_on_error=1")
    assert outcome.status == 66 and outcome.stderr.count("WARNING: DATA RACE") == 1
    outcome = execute([binary], GORACE="exitcode=9", GORACE_OPTIONS="exitcode=10")
    assert outcome.status == 10


def test_json_holds_kinds_files_and_lines(gorace, example):
    outcome = execute([gorace, "run", "--format=json", "--", example("payment_race")])
    start = outcome.stderr.index("{")
    document = json.loads(outcome.stderr[start:outcome.stderr.rindex("}") + 1])
    text = json.dumps(document)
    assert "payment_race.c" in text and "GR1001" in text
    lines = re.findall(r'"line": (\d+)', text)
    source = (ROOT / "docs/examples/payment_race.c").read_text().splitlines()
    assert any("balance" in source[int(n) - 1] for n in lines if int(n))


def test_output_file_gets_the_report(gorace, example, tmp_path):
    out = tmp_path / "report.txt"
    outcome = execute([gorace, "run", "-o", out, "--", example("payment_race")])
    assert outcome.status == 66 and "WARNING: DATA RACE" in out.read_text()


def test_report_reads_as_the_contract_shows_it(gorace, example):
    outcome = execute([gorace, "run", "--", example("payment_race")])
    report = re.search(r"^={18}\nWARNING: DATA RACE\n.*?^={18}$", outcome.stderr, re.S | re.M)
    assert report, outcome.stderr
    where = r"\n  deposit\(\)\n      \S*payment_race\.c:\d+ \+0x[0-9a-f]+\n"
    access = r"^(Write|Read) at 0x[0-9a-f]+ by goroutine \d+:"
    before = r"^Previous (write|read) at 0x[0-9a-f]+ by goroutine \d+:"
    assert re.search(access + where, report[0], re.M), report[0]
    assert re.search(before + where, report[0], re.M), report[0]
    assert re.search(r"^Location is global 'balance' of size 8 at \S*payment_race\.c:13", report[0], re.M)
    assert re.search(r"^Goroutine \d+ \((running|runnable|finished)\) created at:\n  main\(\)\n"
                     r"      \S*payment_race\.c:\d+ \+0x[0-9a-f]+", report[0], re.M)


def test_dump_reads_as_go_prints_it(gorace, example):
    outcome = execute([gorace, "run", "--", example("abba_locks")])
    assert re.search(r"^goroutine 1 \[sync\.WaitGroup\.Wait\]:\n(main\(|gr_)", outcome.stderr, re.M)
    assert len(re.findall(r"^goroutine \d+ \[sync\.Mutex\.Lock\]:$", outcome.stderr, re.M)) == 2
    assert re.search(r"abba_locks\.c:\d+", outcome.stderr)


def test_slow_program_is_not_kept_by_its_reporter(gorace, echo):
    start = time.monotonic()
    execute([gorace, "run", "--", echo, "exit", 0])
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("flags", [["-O0"], ["-O2"], ["-O1", "-no-pie", "-fno-pie"],
                                   ["-O1", "-fPIE", "-pie"], ["-O2", "-fno-omit-frame-pointer"]],
                         ids=" ".join)
@pytest.mark.parametrize("aslr", [True, False], ids=["aslr", "no-aslr"])
def test_any_kind_of_executable_any_address_layout(gorace, example, flags, aslr):
    setarch = [] if aslr else ["setarch", "-R"]
    if setarch and subprocess.run([*setarch, "true"], capture_output=True).returncode != 0:
        pytest.skip("setarch -R is not allowed here")
    for name, status in (("payment_race", 66), ("worker_pool", 0)):
        binary = example(name, flags=flags)
        outcome = execute([*setarch, gorace, "run", "--", binary])
        assert outcome.status == status, outcome.stderr


def test_many_runs_under_randomised_addresses(gorace, example):
    binary = example("worker_pool")
    for _ in range(20):
        outcome = execute([gorace, "run", "--", binary])
        assert outcome.status == 0, outcome.stderr


def test_version_and_help(gorace):
    assert re.match(r"gorace \d+\.\d+\.\d+", execute([gorace, "--version"]).stdout)
    listed = execute([gorace, "help"])
    assert listed.status == 0
    for command in ("cc", "run", "record", "analyze", "dump"):
        assert command in listed.stdout
        assert execute([gorace, "help", command]).status == 0


def test_no_limit_of_the_stack(gorace, example):
    """Such a program's memory lies elsewhere; gorace run gives it a limit."""
    outcome = execute(["sh", "-c", 'ulimit -s unlimited && exec "$@"', "sh", gorace, "run",
                       example("payment_mutex")])
    assert outcome.status == 0, outcome


def test_too_little_address_space_is_125_with_one_line(gorace, example):
    outcome = execute(["sh", "-c", 'ulimit -v 4000000 && exec "$@"', "sh", gorace, "run",
                       example("payment_mutex")])
    one_line(outcome)
    assert outcome.status == 125 and "ulimit -v" in outcome.stderr


@pytest.mark.parametrize("how", ["run", "alone"])
def test_what_the_program_closes_is_closed(gorace, build, how):
    """Nobody of gorace holds it open: who reads the other end sees the end."""
    program = build(ROOT / "tests/programs/tools/lets_go.c")
    ours, its = os.pipe()
    child = subprocess.Popen(([gorace, "run"] if how == "run" else []) + [program, str(its)], pass_fds=[its],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             env=clean_environment())
    os.close(its)
    files = [ours] + ([child.stdout.fileno()] if how == "alone" else [])
    ended = [select.select([file], [], [], 60)[0] == [file] and os.read(file, 1) == b"" for file in files]
    os.close(ours)
    _, error = child.communicate(timeout=60)
    assert all(ended) and child.returncode == 66 and b"DATA RACE" in error, (ended, error)
