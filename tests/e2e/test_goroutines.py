"""`gorace goroutines`: what it tells of processes, cores and traces, and that they do not notice."""
import json
import os
import re
import shutil
import signal
import struct
import subprocess
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import pytest

from program import PROCS, ROOT, clean_environment, compilers, execute, tool

HELP = ROOT / "tests/programs/tools"
WAITERS, ASLEEP, PASSING = HELP / "waiters.c", HELP / "asleep.c", HELP / "passing.c"
COMPILERS = compilers()
# What a program that is not checked is linked with besides: every kind of executable.
KINDS = {"pie": "", "no-pie": "-no-pie", "static": "-static", "static-pie": "-static-pie", "stripped": "-s"}


def compile_plain(folder, source, flags="", compiler="gcc"):
    binary = folder / f"{Path(source).stem}-{compiler}{flags.replace(' ', '')}"
    library = Path(tool()).parents[1] / "lib/libgorace.a"
    subprocess.run([compiler, "-g", "-O1", "-I", ROOT / "runtime/include", source, "-o", binary, library,
                    "-lpthread", *flags.split()], check=True, env=clean_environment(), capture_output=True)
    return binary


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    folder, built = tmp_path_factory.mktemp("goroutines"), {}

    def build_once(*how):
        if how not in built:
            built[how] = compile_plain(folder, *how)
        return built[how]
    return build_once


@contextmanager
def running(*command, procs=2, ready=b"ready\n"):
    """A program that has said that it is ready; it is killed at the end."""
    child = subprocess.Popen([str(c) for c in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, env=clean_environment(GOMAXPROCS=procs),
                             start_new_session=True)
    try:
        assert child.stdout.readline() == ready
        yield child
    finally:
        if child.poll() is None:
            os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


def look(gorace, *arguments):
    outcome = execute([gorace, "goroutines", *arguments])
    if "may not be looked into" in outcome.stderr or "can't be stopped here" in outcome.stderr:
        pytest.skip("processes can't be traced here: " + outcome.stderr)
    return outcome


def told(gorace, *arguments):
    outcome = look(gorace, *arguments)
    assert outcome.status == 0 and outcome.stderr == "", outcome
    return outcome.stdout


def told_when(gorace, pattern, *arguments):
    """The same, once it tells that: a program that has said `ready` may not have gone to sleep yet."""
    for _ in range(100):
        text = told(gorace, *arguments)
        if re.search(pattern, text, re.M):
            return text
        time.sleep(0.05)
    raise AssertionError(f"never /{pattern}/ in\n{text}")


def fails(gorace, *arguments):
    """Its one line on stderr."""
    outcome = execute([gorace, "goroutines", *arguments])
    lines = outcome.stderr.splitlines()
    assert outcome.status == 125 and outcome.stdout == "" and len(lines) == 1, outcome
    assert lines[0].startswith("gorace: "), outcome
    return lines[0]


def line_of(words, source):
    return next(n for n, text in enumerate(source.read_text().splitlines(), 1) if f"/* {words} */" in text)


def frame(function, words, source=WAITERS):
    return rf"{function}\(\)\n\t\S*{source.stem}\w*\.c:{line_of(words, source)} \+0x[0-9a-f]+\n"


DEEP = r"^goroutine \d+ \[chan receive\]:\n" + frame("inner", "inner waits") + frame("middle", "middle calls") + \
       frame("outer", "outer calls") + r"created by main\n\t\S*waiters\.c:\d+ \+0x[0-9a-f]+\n"
LOCKER = r"^goroutine \d+ \[sync\.Mutex\.Lock\]:\n" + frame("locker", "locker waits") + r"created by main\n\t.*\n"
CHOOSER = r"^goroutine \d+ \[select\]:\n" + frame("chooser", "chooser waits") + r"created by main\n\t.*\n"
CHANNEL = r"channel 0x[0-9a-f]+ \(open, unbuffered, made at \S*waiters\.c:\d+\)\n"


def waiters_told(gorace, *arguments):
    text = told_when(gorace, rf"({DEEP})(.*\n)*({LOCKER})(.*\n)*({CHOOSER})", *arguments)
    check_waiters(text)
    return text


def check_waiters(text, crowd=3):
    assert re.match(rf"\S+( \d+)? of /\S+: {crowd + 4} goroutines, 0 other threads\n\ngoroutine 1 \[", text), text
    assert re.search(DEEP + "  waits for " + CHANNEL, text, re.M), text
    assert re.search(LOCKER + r"  named 'locker'\n  waits for 0x[0-9a-f]+ 'taken' \(sync\.Mutex\.Lock\)", text, re.M), text
    assert re.search(CHOOSER + r"  case 0: receive from " + CHANNEL +
                     r"  case 1: send to channel 0x[0-9a-f]+ \(open, 2 of 2 buffered, ", text, re.M), text


# --- processes ---

@pytest.mark.parametrize("procs", PROCS)
def test_process(gorace, plain, procs):
    with running(plain(WAITERS), 3, "sleep", procs=procs) as child:
        text = told_when(gorace, r"^goroutine 1 \[sleep\]:\nmain\(\)\n", child.pid)
        check_waiters(text)
        assert len(re.findall(r"^goroutine \d+ \[chan receive\]:\ncrowd\(\)\n", text, re.M)) == 3, text
        assert child.poll() is None


@pytest.mark.parametrize("kind", [k for k in KINDS if k != "stripped"])
@pytest.mark.parametrize("compiler", COMPILERS)
def test_every_kind_of_executable(gorace, plain, kind, compiler):
    with running(plain(WAITERS, KINDS[kind], compiler), 3, "sleep") as child:
        waiters_told(gorace, child.pid)


def test_stripped(gorace, plain):
    with running(plain(WAITERS, KINDS["stripped"]), 3, "sleep") as child:
        text = told(gorace, child.pid)
        assert text.count("\ngoroutine ") == 7 and re.search(r"^goroutine \d+ \[sync\.Mutex\.Lock\]:\n\?\?\(\)\n\t/\S+ \+0x\w+$",
                                                             text, re.M), text
        deep = next(part for part in text.split("\n\n") if part.count("??()") == 4)     # the runtime's first one is unknown too
        assert "[chan receive]" in deep, text


@pytest.mark.parametrize("compiler", COMPILERS)
def test_checked_program(gorace, build, compiler):
    for command in ([], [gorace, "run", "--"]):
        with running(*command, build(WAITERS, compiler), 3, "sleep") as child:
            pid = child.pid if not command else int(subprocess.run(["pgrep", "-P", str(child.pid)], capture_output=True,
                                                                   text=True, check=True).stdout)
            text = waiters_told(gorace, pid)
            assert re.search(r"  waits for 0x\w+ 'taken' \(sync\.Mutex\.Lock\), held by goroutine 1$", text, re.M), text


def test_goroutine_that_runs(gorace, plain):
    with running(plain(WAITERS), 3, "spin") as child:
        text = told(gorace, child.pid)
        assert re.search(r"^goroutine \d+ \[running\]:\n" + frame("spinner", "spinner runs"), text, re.M), text


@pytest.mark.parametrize("checked", [False, True])
@pytest.mark.parametrize("compiler", COMPILERS)
def test_threads(gorace, build, plain, compiler, checked):
    # Threads alone would not draw the library in.
    binary = build(ASLEEP, compiler) if checked else plain(ASLEEP, "-Wl,-u,gr_goid", compiler)
    name = r"thread T\d+ \(\d+\)" if checked else r"thread \d+"
    with running(binary, "hold") as child:
        text = told_when(gorace, r"^thread.* \[pthread_mutex_lock\]", child.pid)
        # It may be within the atomic load that it goes around.
        assert re.search(rf"^{name} \[running\]:\n(?:.+\n\t.+\n)*" + frame("run_on", "runner runs", ASLEEP) + r"runner\(\)\n", text, re.M), text
        assert re.search(rf"^{name} \[pthread_mutex_lock\]:\n\w+\(\)\n\t.*\n" + frame("lock_it", "locker waits", ASLEEP) +
                         rf"locker\(\)\n\t.*\n  waits for 0x[0-9a-f]+ 'held' \(pthread_mutex_lock\), held by thread {child.pid}$",
                         text, re.M), text
        for wait, function in (("pthread_cond_wait", "waiter"), ("sem_wait", "taker"), ("pthread_join", "joiner"),
                               ("syscall", "poller"), ("syscall", "signalled"), ("syscall", "operator")):
            assert re.search(rf"^{name} \[{wait}\]:\n(?:.+\n\t.+\n)*{function}\(\)\n", text, re.M), (function, text)
        locker = re.search(r"^thread (?:T\d+ \()?(\d+)\)? \[pthread_mutex_lock\]", text, re.M).group(1)
        assert f"  waits for thread {locker}\n" in text
        assert re.search(r"'empty' \(sem_wait\)$", text, re.M), text


def test_main_thread_has_ended(gorace, tmp_path, build):
    source = tmp_path / "headless.c"
    source.write_text("""
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static void *last(void *unused) {
    usleep(100000);
    puts("ready");
    fflush(stdout);
    pause();
    return unused;
}
int main(void) {
    pthread_t t;
    pthread_create(&t, NULL, last, NULL);
    pthread_exit(NULL);
}
""")
    with running(build(source)) as child:
        text = told(gorace, child.pid)
        assert re.search(r"^thread T1 \(\d+\) \[syscall\]:\n(?:.+\n\t.+\n)*last\(\)\n", text, re.M), text


def test_child_of_a_fork(gorace, tmp_path, plain):
    source = tmp_path / "forks.c"
    source.write_text("""
#include <gorace.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
static gr_chan *never;
static void wait_for_ever(void) { gr_recv(never, NULL); }
int main(void) {
    never = gr_make(int, 0);
    for (int i = 0; i < 5; i++) go(wait_for_ever);
    gr_sleep(GR_MILLISECOND);
    pid_t child = fork();
    if (child == 0) for (;;) pause();
    printf("%d\\n", child);
    fflush(stdout);
    pause();
    kill(child, SIGKILL);
}
""")
    child = subprocess.Popen([compile_plain(tmp_path, source)], stdout=subprocess.PIPE, env=clean_environment(),
                             start_new_session=True)
    try:
        pid = int(child.stdout.readline())
        outcome = look(gorace, pid)
        assert outcome.status == 0 and "child of a fork" in outcome.stderr, outcome
        assert re.findall(r"^goroutine \d+", outcome.stdout, re.M) == ["goroutine 1"], outcome
        assert len(re.findall(r"^goroutine \d+", told(gorace, child.pid), re.M)) == 6
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.communicate()


# --- they do not notice ---

def finish(child):
    out = child.communicate(b"x\n", timeout=60)[0].decode()
    return child.returncode, out


@pytest.mark.parametrize("procs", PROCS)
def test_busy_program_goes_on(gorace, plain, procs):
    with running(plain(PASSING), "hold", procs=procs) as child:
        for _ in range(20):
            text = told(gorace, "--all", child.pid)
            assert len(re.findall(r"^goroutine \d+ \[", text, re.M)) == 202, text
        assert finish(child) == (5, "turned ticked failures: 0\n")


def test_busy_checked_program_goes_on(gorace, build):
    with running(build(PASSING), "hold") as child:
        for _ in range(10):
            told(gorace, child.pid)
        assert finish(child) == (5, "turned ticked failures: 0\n")


def test_calls_are_not_interrupted(gorace, build):
    with running(build(ASLEEP), "hold") as child:
        for _ in range(20):
            told(gorace, child.pid)
        assert finish(child) == (3, "interrupted: 0\n")


def state_of(pid):
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


def test_stopped_process_stays_stopped(gorace, plain):
    with running(plain(WAITERS), 3, "sleep") as child:
        told_when(gorace, r"goroutines, 0 other threads$", child.pid) # no thread is just being born
        child.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, child.pid, os.WSTOPPED)
        waiters_told(gorace, child.pid)
        assert state_of(child.pid) == "T"
        child.send_signal(signal.SIGCONT)
        os.waitid(os.P_PID, child.pid, os.WCONTINUED)
        waiters_told(gorace, child.pid)
        assert state_of(child.pid) in "SR"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_interrupted_tool_lets_go(gorace, plain, number):
    with running(plain(WAITERS), 20000, "sleep") as child:
        told(gorace, "--group", child.pid)      # or this is skipped
        for wait in (0.001, 0.003, 0.01, 0.02, 0.03, 0.05):
            looker = subprocess.Popen([gorace, "goroutines", str(child.pid)], stdout=subprocess.DEVNULL)
            time.sleep(wait)
            looker.send_signal(number)
            looker.wait(30)
        status = Path(f"/proc/{child.pid}/status").read_text()
        assert "TracerPid:\t0\n" in status and state_of(child.pid) in "SR"


def test_no_stop(gorace, plain, build):
    with running(plain(WAITERS), 3, "sleep") as child:
        waiters_told(gorace, "--no-stop", child.pid)
    with running(build(PASSING), "hold") as child:
        for _ in range(5):
            told(gorace, "--no-stop", child.pid)
        assert finish(child) == (5, "turned ticked failures: 0\n")


def test_how_long(gorace, plain):
    with running(plain(WAITERS), 3, "sleep") as child:
        outcome = look(gorace, "-v", child.pid)
        assert re.fullmatch(r"gorace: process \d+ stood still for [\d.]+ ms: 7 goroutines, \d+ threads\n", outcome.stderr), outcome


# --- forms ---

def test_crowds(gorace, plain):
    with running(plain(WAITERS), 3000, "sleep") as child:
        text = told(gorace, child.pid)
        assert re.search(r"^goroutine \d+ \[chan receive\]: \(and 2,999 more like it\)\ncrowd\(\)\n", text, re.M), text
        every = told(gorace, "--all", child.pid)
        assert len(re.findall(r"^goroutine \d+ \[chan receive\]:\ncrowd\(\)\n", every, re.M)) == 3000
        groups = told(gorace, "--group", child.pid).split("\n\n")
        assert re.match(r"3000 goroutines \[chan receive\]:\ncrowd\(\)\n(?:.*\n)*  \d+(, \d+){9} \.\.\.$", groups[1]), groups[1]
        assert len(groups) == 7 and all(g.startswith("1 goroutine [") for g in groups[2:6]), groups


def test_json(gorace, plain):
    with running(plain(WAITERS), 30, "sleep") as child:
        told_when(gorace, r"^goroutine 1 \[sleep\]", child.pid)
        document = json.loads(told(gorace, "--format=json", child.pid))
        assert document["about"]["source"] == f"process {child.pid}" and document["about"]["stopped_ns"] > 0
        waits = Counter(g.get("waits") for g in document["goroutines"])
        assert waits == {"chan receive": 31, "sleep": 1, "sync.Mutex.Lock": 1, "select": 1}
        locker = next(g for g in document["goroutines"] if g.get("name") == "locker")
        assert locker["object_name"] == "taken" and locker["stack"][0]["function"] == "locker"
        edges = Counter((e["waits"], e["count"]) for e in document["edges"])
        assert edges == {("receive", 30): 1, ("receive", 1): 1, ("sync.Mutex.Lock", 1): 1, ("case 0: receive", 1): 1,
                         ("case 1: send", 1): 1}
        grouped = json.loads(told(gorace, "--format=json", "--group", child.pid))
        assert [g["count"] for g in grouped["groups"]] == [30, 1, 1, 1, 1] and len(grouped["groups"][0]["numbers"]) == 30


def test_graph(gorace, build, tmp_path):
    with running(build(ASLEEP), "hold") as child:
        path = tmp_path / "graph.dot"
        assert told(gorace, "--format=dot", "-o", path, child.pid) == ""
        text = path.read_text()
    node = dict(re.findall(r'^  (\w+) \[(?:shape=box, )?label="(.*)"\];$', text, re.M))
    edges = {(node[a].split("\\n")[0].split()[0], label, node[b])
             for a, b, label in re.findall(r'^  (\w+) -> (\w+) \[label="([^"]*)"', text, re.M)}
    held = next(label for label in node.values() if "'held'" in label)
    assert ("thread", "pthread_mutex_lock", held) in edges, text
    assert any(a == "lock" and label == "held by" and b.startswith("thread T0 ") for a, label, b in edges), text
    assert any(label == "pthread_join" and "lock_it at " in b for _, label, b in edges), text
    if shutil.which("dot"):
        subprocess.run(["dot", "-Tsvg", "-o", "/dev/null", path], check=True)


def test_many(gorace, plain):
    with running(plain(WAITERS), 100000, "sleep") as child:
        begin = time.monotonic()
        text = told(gorace, child.pid)
        assert time.monotonic() - begin < 30 and "(and 99,999 more like it)" in text


# --- cores ---

@pytest.fixture(scope="module")
def core(plain, build, tmp_path_factory):
    """core(checked): (program, its core)."""
    made = {}

    def by_kernel(binary, folder):
        pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
        if pattern.startswith("|") or "/" in pattern:
            return None
        subprocess.run(["sh", "-c", 'ulimit -c unlimited && exec "$@"', "sh", binary, "3", "abort"], cwd=folder,
                       env=clean_environment(GOMAXPROCS=2), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        return next(folder.glob("core*"), None)

    def by_gdb(binary, folder):
        if not shutil.which("gcore"):
            return None
        with running(binary, 3, "sleep") as child:
            done = subprocess.run(["gcore", "-o", folder / "core", str(child.pid)], capture_output=True, timeout=120,
                                  stdin=subprocess.DEVNULL, text=True)
        return next(folder.glob("core*"), None) if done.returncode == 0 else None

    def make(checked=False, how=by_kernel):
        # Until all of them were asleep when it was made, and no thread of the scheduler was just being born.
        calm = (DEEP, LOCKER, CHOOSER, r"goroutines, 0 other threads$")
        for _ in range(20):
            if (checked, how) in made:
                break
            folder = tmp_path_factory.mktemp("core")
            binary = build(WAITERS) if checked else plain(WAITERS)
            path = how(binary, folder)
            text = execute([tool(), "goroutines", path]).stdout if path else None
            if text is None or how is by_gdb or all(re.search(who, text, re.M) for who in calm):
                made[checked, how] = (binary, path)
            else:
                path.unlink()
        if not made[checked, how][1]:
            pytest.skip("no core is to be had here")
        return made[checked, how]
    make.by_gdb = by_gdb
    yield make
    for _, path in made.values():
        if path:
            path.unlink()


@pytest.mark.parametrize("checked", [False, True])
def test_core(gorace, core, checked):
    _, path = core(checked)
    text = told(gorace, path)
    check_waiters(text)
    assert re.search(r"^goroutine 1 \[running\]:\n(?:.+\n\t.+\n)*(__GI_)?abort\(\)\n\t.*\nmain\(\)\n\t\S*waiters\.c:\d+", text, re.M), text


def test_core_of_gdb(gorace, core):
    """It lacks stacks where gdb can't read past guard pages: then there is the place where each waits."""
    _, path = core(False, core.by_gdb)
    text = told(gorace, path)
    assert len(re.findall(r"^goroutine \d+ \[", text, re.M)) == 7, text
    assert re.search(r"^goroutine \d+ \[chan receive\]:\n" + frame("crowd", "crowd waits"), text, re.M), text


def sparse_copy(source, target, size=None):
    subprocess.run(["cp", "--sparse=always", source, target], check=True)
    if size is not None:
        os.truncate(target, size)
    return target


def segments(path):
    """[(type, offset, size in the file)] of its program headers."""
    with open(path, "rb") as file:
        head = file.read(64)
        table, = struct.unpack_from("<Q", head, 32)
        count, = struct.unpack_from("<H", head, 56)
        file.seek(table)
        return [(t, offset, size) for t, _, offset, _, _, size, _, _ in struct.iter_unpack("<IIQQQQQQ", file.read(56 * count))]


def test_cut_core(gorace, core, tmp_path):
    _, path = core(True)
    whole = path.stat().st_size
    cut = sparse_copy(path, tmp_path / "cut", whole - 4096)
    outcome = look(gorace, cut)
    assert outcome.status == 0 and outcome.stderr.startswith(f"gorace: {cut} is cut: it has {whole - 4096} of {whole} bytes"), outcome
    check_waiters(outcome.stdout)
    notes = next(offset + size for kind, offset, size in segments(path) if kind == 4)
    for size in (notes - 100, 200, 70, 10):
        os.truncate(cut, size)
        assert "is cut before" in fails(gorace, cut)
    cut = sparse_copy(path, cut, notes + 100)
    outcome = execute([gorace, "goroutines", cut])
    assert outcome.status == 125 and "is cut" in outcome.stderr.splitlines()[-1], outcome


def test_core_of_another_machine(gorace, core, tmp_path):
    _, path = core(True)
    other = sparse_copy(path, tmp_path / "other")
    with open(other, "r+b") as file:
        file.seek(18)
        file.write(struct.pack("<H", 243))
    assert "is of another machine" in fails(gorace, other)


def test_program_of_the_core_has_moved(gorace, plain, tmp_path):
    pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
    if pattern.startswith("|") or "/" in pattern:
        pytest.skip(f"cores do not come to the program's folder here: {pattern}")
    binary = shutil.copy(plain(WAITERS), tmp_path / "moves")
    subprocess.run(["sh", "-c", 'ulimit -c unlimited && exec "$@"', "sh", binary, "3", "abort"], cwd=tmp_path,
                   env=clean_environment(GOMAXPROCS=2), stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    path = next(tmp_path.glob("core*"), None)
    if not path:
        pytest.skip("no core is to be had here")
    before = told(gorace, path)
    moved = shutil.move(binary, tmp_path / "moved")
    outcome = look(gorace, path)
    assert outcome.status == 0 and "--program=FILE says where it is" in outcome.stderr and "??()" in outcome.stdout, outcome
    def places(text):
        return re.sub(r"^.*\n", "", text)
    assert places(told(gorace, "--program", moved, path)) == places(before)
    other = look(gorace, "--program", plain(PASSING), path)
    assert "is another build" in other.stderr, other
    path.unlink()


def test_other_version(gorace, plain, tmp_path):
    data = plain(WAITERS).read_bytes()
    at = data.index(b"\x07\0\0\0\x10\0\0\0\x01\0\0\0gorace\0\0") + 20
    other = tmp_path / "other"
    other.write_bytes(data[:at] + struct.pack("<I", 99) + data[at + 4:])
    other.chmod(0o755)
    with running(other, 3, "sleep") as child:
        assert re.search(r"goroutines are of version 99, and this gorace reads version \d", fails(gorace, child.pid))


# --- traces ---

def test_trace(gorace, build, tmp_path):
    trace = tmp_path / "t.gorace"
    recorded = execute([gorace, "record", "-o", trace, "--", build(WAITERS), 3, "deadlock"])
    assert recorded.status == 66, recorded
    text = told(gorace, trace)
    assert re.search(DEEP + r"  waits for channel 0x[0-9a-f]+ \(made at \S*waiters\.c:\d+\)\n", text, re.M), text
    assert re.search(LOCKER + r"  waits for 0x[0-9a-f]+ 'taken' \(sync\.Mutex\.Lock\), held by goroutine 1$", text, re.M), text
    assert re.search(CHOOSER + r"  case 0: receive from channel .*\n  case 1: send to channel ", text, re.M), text
    assert len(re.findall(r"^goroutine \d+ \[chan receive\]:\ncrowd\(\)\n", text, re.M)) == 3, text
    assert '[label="held by", style=dashed]' in told(gorace, "--format=dot", trace)
    data = trace.read_bytes()
    trace.write_bytes(data[:len(data) - 40])
    outcome = look(gorace, trace)
    assert outcome.status == 0 and "is cut or damaged at byte" in outcome.stderr, outcome


# --- errors ---

def test_no_program_of_ours(gorace, tmp_path):
    with running("sh", "-c", "echo ready; exec sleep 60") as child:
        time.sleep(0.1)
        assert re.search(r"process \d+ \(\S+sleep\) is no program of gorace", fails(gorace, child.pid))


def test_traced_already(gorace, plain):
    if not shutil.which("strace") and not shutil.which("gdb"):
        pytest.skip("nothing to trace with")
    with running(plain(WAITERS), 3, "sleep") as child:
        gdb = subprocess.Popen(["gdb", "-q", "-nx", "-batch", "-ex", f"attach {child.pid}", "-ex", "shell sleep 60"],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True) if shutil.which("gdb") else \
            subprocess.Popen(["strace", "-qq", "-o", "/dev/null", "-p", str(child.pid)], start_new_session=True)
        try:
            for _ in range(300):
                if "TracerPid:\t0\n" not in Path(f"/proc/{child.pid}/status").read_text():
                    break
                time.sleep(0.1)
            else:
                pytest.skip("processes can't be traced here")
            assert re.search(r"process \d+ is traced already, by process \d+ \(\w+\): end that first", fails(gorace, child.pid))
        finally:
            os.killpg(gdb.pid, signal.SIGKILL)
            gdb.wait()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
def test_another_users_process(gorace, plain):
    with running(plain(WAITERS), 3, "sleep") as child:
        done = subprocess.run([gorace, "goroutines", str(child.pid)], capture_output=True, text=True, user=65534, group=65534,
                              extra_groups=[], cwd="/")
        if done.returncode == 126:
            pytest.skip("others can't execute the tool here")
        assert done.returncode == 125 and re.fullmatch(r"gorace: process \d+ belongs to \w+: ask as that user, or as root\n",
                                                       done.stderr), done


@pytest.mark.parametrize("what,words", [
    ("999999999", "there is no process 999999999"), ("missing", "can't read missing: No such file"), (".", "can't read .: "),
    ("/etc/passwd", "is neither a core nor a trace"), (tool(), "is a program, not a core")])
def test_nothing_to_look_at(gorace, what, words):
    assert words in fails(gorace, what)


def test_wrong_options(gorace):
    assert "give one process" in fails(gorace)
    assert "unknown format 'xml'" in fails(gorace, "--format=xml", "1")
    assert "is compressed" in fails(gorace, compressed_core())


def compressed_core():
    path = Path(os.environ.get("TMPDIR", "/tmp")) / f"gorace-core-{os.getpid()}.zst"
    path.write_bytes(b"\x28\xb5\x2f\xfd" + bytes(100))
    return path
