"""Goroutine dumps: SIGQUIT, stacks of code without frame pointers, crowds, faults that are no overflow."""
import os
import re
import signal
import subprocess

import pytest

from program import PROCS, ROOT, clean_environment, execute, tool
from pathlib import Path

HELP = ROOT / "tests/programs/tools"
WAITERS = HELP / "waiters.c"
# What a program is compiled with: by frame pointers alone a stack of the last two can't be walked.
FLAGS = ["-O0", "-O2", "-O2 -fomit-frame-pointer"]


@pytest.fixture(scope="session")
def plain(tmp_path_factory):
    """plain(source, flags): the program linked with libgorace.a by the system's compiler."""
    folder, library = tmp_path_factory.mktemp("dumps"), Path(tool()).parents[1] / "lib/libgorace.a"
    built = {}

    def build(source, flags="-O2"):
        if (source, flags) not in built:
            binary = folder / f"{source.stem}-{len(built)}"
            subprocess.run(["cc", "-g", *flags.split(), "-I", ROOT / "runtime/include", source, "-o", binary,
                            library, "-lpthread"], check=True, env=clean_environment())
            built[source, flags] = binary
        return built[source, flags]
    return build


def quit_when_ready(command, procs=2, ignore=False, **env):
    """Run it, and send SIGQUIT once it says `ready`: (exit status, stderr)."""
    child = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             env=clean_environment(GOMAXPROCS=procs, **env), start_new_session=True,
                             preexec_fn=lambda: signal.signal(
                                 signal.SIGQUIT, signal.SIG_IGN if ignore else signal.SIG_DFL))
    try:
        assert child.stdout.readline() == b"ready\n"
        child.send_signal(signal.SIGQUIT)
        if ignore:
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(0.5)
            return None, ""
        err = child.communicate(timeout=60)[1].decode()
        return child.returncode, err
    finally:
        if child.returncode is None:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()


def line_of(words, source=WAITERS):
    return next(n for n, text in enumerate(source.read_text().splitlines(), 1) if f"/* {words} */" in text)


def frame(function, words):
    return rf"{function}\(\)\n\t\S*waiters\.c:{line_of(words)} \+0x[0-9a-f]+\n"


DEEP = r"goroutine \d+ \[chan receive\]:\n" + frame("inner", "inner waits") + frame("middle", "middle calls") + \
       frame("outer", "outer calls") + r"created by main\n\t\S*waiters\.c:\d+ \+0x[0-9a-f]+\n"
LOCKER = r"goroutine \d+ \[sync\.Mutex\.Lock\]:\n" + frame("locker", "locker waits") + r"created by main\n"
CHOOSER = r"goroutine \d+ \[select\]:\n" + frame("chooser", "chooser waits") + r"created by main\n"


def check_waiters(text):
    for pattern in (DEEP, LOCKER, CHOOSER):
        assert re.search(pattern, text), text
    assert re.search(r"^  waits for channel 0x[0-9a-f]+ \(open, unbuffered, made at \S*waiters\.c:\d+\)$", text, re.M)
    assert re.search(r"^  case 1: send to channel 0x[0-9a-f]+ \(open, 2 of 2 buffered, ", text, re.M)


@pytest.mark.parametrize("flags", FLAGS)
def test_deadlock_shows_every_call(plain, flags):
    for procs in PROCS:
        outcome = execute([plain(WAITERS, flags), 3, "deadlock"], procs)
        assert outcome.status == 2, outcome
        check_waiters(outcome.stderr)
        assert re.search(r"^goroutine 1 \[chan receive\]:\nmain\(\)\n", outcome.stderr, re.M), outcome.stderr


@pytest.mark.parametrize("flags", FLAGS)
def test_panic_begins_with_who_panics(plain, flags):
    outcome = execute([plain(WAITERS, flags), 3, "panic"])
    assert outcome.status == 2, outcome
    assert outcome.stderr.startswith("panic: enough\n\ngoroutine 1 [running]:\nmain()\n\t"), outcome.stderr
    check_waiters(outcome.stderr)


@pytest.mark.parametrize("flags", FLAGS)
def test_quit(plain, flags):
    for procs in PROCS:
        status, err = quit_when_ready([plain(WAITERS, flags), 3, "sleep"], procs)
        assert status == 2, err
        assert re.match(r"SIGQUIT: quit\nPC=0x[0-9a-f]+ m=\d+ sigcode=0\n\ngoroutine ", err), err
        assert re.search(r"^goroutine 1 \[sleep\]:\nmain\(\)\n", err, re.M), err
        check_waiters(err)


def test_quit_with_the_detector(build, gorace):
    binary = build(WAITERS)
    for command in ([binary, 3, "sleep"], [gorace, "run", "--", binary, 3, "sleep"]):
        status, err = quit_when_ready(command)
        assert status == 2, err
        check_waiters(err)
    assert "gorace: nothing found" in err and "exit status 2" in err, err


def test_quit_shows_running_goroutines(plain):
    for procs in (2, 8):
        status, err = quit_when_ready([plain(WAITERS), 3, "spin"], procs)
        assert status == 2, err
        assert re.search(r"^goroutine \d+ \[running\]:\n" + frame("spinner", "spinner runs"), err, re.M), err


def test_quit_while_all_are_busy(plain):
    busy = plain(HELP / "busy.c")
    for _ in range(10):
        status, err = quit_when_ready([busy, "forever"], 4)
        assert status == 2 and len(re.findall(r"^goroutine \d+ \[", err, re.M)) > 40, err


@pytest.mark.parametrize("when", ["own-handler-before", "own-handler-after"])
def test_own_handler_of_quit_stands(plain, when):
    assert quit_when_ready([plain(WAITERS), 3, when]) == (7, "")


def test_ignored_quit_stays_ignored(plain):
    quit_when_ready([plain(WAITERS), 3, "sleep"], ignore=True)


def test_crowds_are_printed_once(plain):
    outcome = execute([plain(WAITERS), 3000, "deadlock"])
    assert len(re.findall(r"^goroutine ", outcome.stderr, re.M)) == 5, outcome.stderr
    assert re.search(r"^goroutine \d+ \[chan receive\]: \(and 2,999 more like it\)\ncrowd\(\)\n", outcome.stderr, re.M)
    check_waiters(outcome.stderr)


def test_few_are_printed_one_by_one(plain):
    outcome = execute([plain(WAITERS), 20, "deadlock"])
    assert len(re.findall(r"^goroutine \d+ \[chan receive\]:\ncrowd\(\)\n", outcome.stderr, re.M)) == 20


@pytest.mark.parametrize("word,others,status", [("none", 0, 2), ("single", 0, 2), ("all", 6, 2), ("crash", 6, 134)])
def test_gotraceback(plain, word, others, status):
    without_core = ["sh", "-c", 'ulimit -c 0; exec "$@"', "sh"]
    outcome = execute([*without_core, plain(WAITERS), 3, "panic"], GOTRACEBACK=word)
    assert outcome.status == status and outcome.stderr.startswith("panic: enough\n"), outcome
    shown = re.findall(r"^goroutine (\d+) ", outcome.stderr, re.M)
    assert shown[:1] == ([] if word == "none" else ["1"]) and len(shown[1:]) == others, outcome.stderr


@pytest.mark.parametrize("flags", FLAGS)
@pytest.mark.parametrize("who", ["", "_of_main", "_of_thread"])
def test_overflow_without_frame_pointers(plain, flags, who):
    outcome = execute([plain(ROOT / f"tests/programs/panic/fatal_stack_overflow{who}.c", flags)])
    assert outcome.status == 2, outcome
    assert len(re.findall(r"^fall\(\)$", outcome.stderr, re.M)) > 80, outcome.stderr
    assert re.search(r"^\.\.\.(\d+|additional) frames elided\.\.\.$", outcome.stderr, re.M), outcome.stderr
    assert re.search(r"^fall\(\)\n.*\ndive\(\)\n", outcome.stderr, re.M), outcome.stderr


def test_elided_frames_survive_json(gorace, build, tmp_path):
    saved = tmp_path / "findings.json"
    binary = build(ROOT / "tests/programs/panic/fatal_stack_overflow.c")
    outcome = execute([gorace, "run", "--format=json", "-o", saved, "--", binary])
    assert outcome.status == 2, outcome
    shown = execute([gorace, "report", saved])
    assert re.search(r"^\.\.\.\d+ frames elided\.\.\.$", shown.stdout, re.M), shown


@pytest.mark.parametrize("how,status", [
    ("before", 0), ("before onstack", 0), ("before nodefer", 0), ("before onstack nodefer", 0), ("after", 0),
    ("after onstack", 0), ("before onstack resethand", 139), ("before resethand", 139), ("kill", 139),
    ("default", 139), ("ignored", 0)])
def test_other_faults_are_the_programs(plain, build, how, status):
    for binary in (plain(HELP / "faults.c"), build(HELP / "faults.c")):
        outcome = execute([binary, *how.split()])
        assert outcome.status == status and outcome.stderr == "", outcome
        assert (outcome.stdout == "still here\n") == (status == 0 or "resethand" in how), outcome
