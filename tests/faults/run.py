#!/usr/bin/env python3
"""run.py PROGRAM KIND PROCS: lets the first request of KIND to the kernel fail, then the second, ... until
the program no longer gets as far (of very many, one in ever more); once each of them alone, once with
all that follow. Every time the program must end: with the right outcome, or with status 2 and a message that says what was missing."""
import os
import re
import subprocess
import sys

OUTCOME = "as expected\n"
NO_THREAD = r"^fatal error: runtime: failed to create new OS thread$"
WORDS = {
    "mmap": rf"^fatal error: out of memory\b|{NO_THREAD}",
    "madvise": r"^never\b",
    "clone": NO_THREAD,
    "epoll": NO_THREAD,         # each descriptor takes a thread then
}


def run(program, procs, fault):
    environment = {"PATH": os.environ["PATH"], "GOMAXPROCS": procs, "GORACE_FAULT": fault}
    environment.update((k, v) for k, v in os.environ.items() if k.endswith("SAN_OPTIONS"))
    try:
        return subprocess.run([program], env=environment, capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired as late:
        sys.exit(f"{fault}, GOMAXPROCS={procs}: does not end\n{(late.stderr or b'').decode()[:4000]}")


def main():
    program, kind, procs = sys.argv[1:]
    for following in ("", "+"):
        survived = died = 0
        at = 1
        while True:
            fault = f"{kind}:{at}{following}"
            done = run(program, procs, fault)
            reached = f"gorace: fault: {fault}\n" in done.stderr
            right = done.returncode == 0 and done.stdout == OUTCOME
            told = done.returncode == 2 and re.search(WORDS[kind], done.stderr, re.M)
            if not right and not (reached and told):
                sys.exit(f"{fault}, GOMAXPROCS={procs}: status {done.returncode}\n{done.stdout}{done.stderr[:4000]}")
            if not reached:
                break
            survived += bool(right)
            died += not right
            at += 1 + max(0, at - 64) // 16
        print(f"{kind}:N{following}, GOMAXPROCS={procs}: {survived + died} of {at - 1} requests, "
              f"{survived} went on, {died} said why not")


main()
