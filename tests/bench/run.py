#!/usr/bin/env python3
"""`./dev bench [--rounds N] [PART...]`: ratios against Go, Go's -race and the compilers' ThreadSanitizer.

Peers run in turn, round by round, and a ratio is that of the medians: absolute times of a busy machine
mean nothing. Parts: runtime, race, echo, detector (default: all). Nothing is written into the tree."""
import argparse
import math
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


def table_names(source, begin):
    """The workloads' names, from the table in the source, so that they stand in one place."""
    text = (HERE / source).read_text()
    return re.findall(r'\{"(\w+)", ', text[text.index(begin):])


def build(command, **env):
    done = subprocess.run([str(c) for c in command], env={**os.environ, **env}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"bench: {' '.join(map(str, command))}\n{done.stdout}{done.stderr}")


def clang():
    return next((c for c in ("clang-14", "clang", "clang-16", "clang-19") if shutil.which(c)), None)


def has_tsan(compiler, folder):
    probe = folder / "probe.c"
    probe.write_text("int main(void) { return 0; }\n")
    return subprocess.run([compiler, "-fsanitize=thread", str(probe), "-o", str(folder / "probe")],
                          capture_output=True).returncode == 0


def printed_time(command, procs):
    env = {**os.environ, "GOMAXPROCS": str(procs), "GORACE_OPTIONS": "max_goroutines=0"}
    done = subprocess.run([str(c) for c in command], env=env, capture_output=True, text=True, timeout=600)
    if done.returncode:
        sys.exit(f"bench: {' '.join(map(str, command))}: status {done.returncode}\n{done.stderr}")
    return float(done.stdout)


def cpu_and_memory(command):
    """CPU seconds and peak KB of one run."""
    pid = os.posix_spawn(command[0], [str(c) for c in command], os.environ,
                         file_actions=[(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    if status:
        sys.exit(f"bench: {' '.join(map(str, command))}: status {os.waitstatus_to_exitcode(status)}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def geometric(values):
    values = [v for v in values if v > 0]
    return math.exp(sum(map(math.log, values)) / len(values)) if values else float("nan")


def runtime(tree, folder, rounds, race):
    title = "instrumented, against go -race" if race else "runtime, against Go"
    if not shutil.which("go"):
        print(f"\n{title}: left out, Go is not installed (golang-go)")
        return
    ours, theirs = folder / "runtime-c", folder / "runtime-go"
    build(["go", "build", *(["-race"] if race else []), "-o", theirs, HERE / "runtime.go"],
          GO111MODULE="off", GOCACHE=str(folder / "go-cache"))
    if race:
        build([tree / "bin/gorace", "cc", "-O2", HERE / "runtime.c", "-o", ours],
              GORACE_CC=clang() or "cc")
    else:
        build(["cc", "-O2", "-I", ROOT / "runtime/include", HERE / "runtime.c", "-o", ours,
               tree / "lib/libgorace.a", "-lpthread"])
    print(f"\n{title}, per operation   (GOMAXPROCS 1, 2)\n"
          f"  {'workload':<12}{'theirs ns':>20}{'ours ns':>20}{'ours/theirs':>16}")
    ratios = []
    for name in table_names("runtime.c", "} table[]"):
        times = {}
        for _ in range(rounds):
            for procs in (1, 2):
                extra = ["20000"] if race and name == "spawn" else []
                for who, binary in (("theirs", theirs), ("ours", ours)):
                    times.setdefault((who, procs), []).append(printed_time([binary, name, *extra], procs))
        middle = {key: statistics.median(values) for key, values in times.items()}
        ratio = [middle["ours", p] / middle["theirs", p] for p in (1, 2)]
        ratios += ratio
        print(f"  {name:<12}{middle['theirs', 1]:>10.0f}{middle['theirs', 2]:>10.0f}"
              f"{middle['ours', 1]:>10.0f}{middle['ours', 2]:>10.0f}{ratio[0]:>8.2f}{ratio[1]:>8.2f}",
              flush=True)
    print(f"  {'geometric mean':<52}{geometric(ratios):>8.2f}")


def detector(tree, folder, rounds):
    source = HERE / "threads.c"
    for compiler in filter(None, (clang(), "gcc")):
        if not has_tsan(compiler, folder):
            print(f"\ndetector, against {compiler}'s ThreadSanitizer: left out, its runtime is not installed")
            continue
        native, theirs, ours = (folder / f"{w}-{compiler}" for w in ("native", "tsan", "gorace"))
        build([compiler, "-O2", "-g", source, "-o", native, "-lpthread"])
        build([compiler, "-O2", "-g", "-fsanitize=thread", source, "-o", theirs, "-lpthread"])
        build([tree / "bin/gorace", "cc", "-O2", "-g", source, "-o", ours, "-lpthread"], GORACE_CC=compiler)
        print(f"\ndetector, against {compiler}'s ThreadSanitizer: CPU seconds, peak MB\n"
              f"  {'workload':<15}{'native':>8}{'tsan':>8}{'ours':>8}{'added':>8}"
              f"{'tsan MB':>10}{'ours MB':>10}{'memory':>8}")
        added, memory = [], []
        for name in table_names("threads.c", "} workloads[]"):
            runs = {who: [] for who in (native, theirs, ours)}
            for _ in range(rounds):
                for who in runs:
                    runs[who].append(cpu_and_memory([who, name]))
            cpu = {w: statistics.median(r[0] for r in runs[w]) for w in runs}
            peak = {w: statistics.median(r[1] for r in runs[w]) / 1024 for w in runs}
            added.append(max(cpu[ours] - cpu[native], 0.001) / max(cpu[theirs] - cpu[native], 0.001))
            memory.append(peak[ours] / peak[theirs])
            print(f"  {name:<15}{cpu[native]:>8.2f}{cpu[theirs]:>8.2f}{cpu[ours]:>8.2f}{added[-1]:>8.2f}"
                  f"{peak[theirs]:>10.0f}{peak[ours]:>10.0f}{memory[-1]:>8.2f}", flush=True)
        print(f"  {'geometric mean':<39}{geometric(added):>8.2f}{'':>20}{geometric(memory):>8.2f}")


def echo(tree, folder, rounds):
    """10,000 connections; the load is the same program for both servers."""
    title = "echo server, 10000 connections, against Go"
    if not shutil.which("go"):
        print(f"\n{title}: left out, Go is not installed (golang-go)")
        return
    ours, theirs = folder / "echo-c", folder / "echo-go"
    build(["go", "build", "-o", theirs, HERE / "echo.go"], GO111MODULE="off", GOCACHE=str(folder / "go-cache"))
    build(["cc", "-O2", "-D_GNU_SOURCE", "-I", ROOT / "runtime/include", HERE / "echo.c", "-o", ours,
           tree / "lib/libgorace.a", "-lpthread"])
    print(f"\n{title}\n  {'':<26}{'served':>8}{'messages/s':>12}{'CPU ns each':>13}{'bytes/connection':>18}")
    for size in (1024, 16384):
        for procs in (1, 2):
            runs = {"theirs": [], "ours": []}
            for _ in range(rounds):
                for who, binary in (("theirs", theirs), ("ours", ours)):
                    server = subprocess.Popen([binary, "serve", str(size)], stdout=subprocess.PIPE, text=True,
                                              env={**os.environ, "GOMAXPROCS": str(procs)})
                    done = subprocess.run([ours, "load", server.stdout.readline().strip(), str(server.pid),
                                           "10000", "2"], capture_output=True, text=True, timeout=300)
                    server.kill()
                    server.wait()
                    if done.returncode:
                        print(f"  {who}: left out: {done.stderr.strip()}")
                        return
                    runs[who].append([float(word) for word in done.stdout.split()])
            for who, rows in runs.items():
                middle = [statistics.median(column) for column in zip(*rows)]
                print(f"  {who:<7}{size:>6} bytes, procs {procs}{middle[0]:>8.0f}{middle[1]:>12.0f}"
                      f"{middle[2]:>13.0f}{middle[3]:>18.0f}", flush=True)


def main():
    parser = argparse.ArgumentParser(prog="dev bench")
    parser.add_argument("tree")
    parser.add_argument("parts", nargs="*", metavar="PART", help="runtime, race, echo, detector")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_intermixed_args()
    tree = (ROOT / options.tree).resolve()
    parts = options.parts or ["runtime", "race", "echo", "detector"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if "runtime" in parts:
            runtime(tree, folder, options.rounds, False)
        if "race" in parts:
            runtime(tree, folder, options.rounds, True)
        if "echo" in parts:
            echo(tree, folder, options.rounds)
        if "detector" in parts:
            detector(tree, folder, options.rounds)


main()
