"""An echo server with 10,000 connections, a goroutine each, beside the same in Go; one program makes the
load for both."""
import os
import statistics
import subprocess

from parts.common import has_go

CONNECTIONS, SECONDS = 10000, 2


def once(server, load, size, procs):
    """[served, messages/s, CPU ns per message, bytes per connection] of one run, or a word."""
    with subprocess.Popen([server, "serve", str(size)], stdout=subprocess.PIPE, text=True,
                          env={**os.environ, "GOMAXPROCS": str(procs)}) as process:
        done = subprocess.run([load, "load", process.stdout.readline().strip(), str(process.pid),
                               str(CONNECTIONS), str(SECONDS)], capture_output=True, text=True, timeout=300)
        process.kill()
    return done.stderr.strip() if done.returncode else [float(word) for word in done.stdout.split()]


def run(bench):
    title = f"echo server, {CONNECTIONS} connections, against Go"
    if not has_go():
        print(f"\n{title}: left out, Go is not installed (golang-go)")
        return
    servers = {"theirs": bench.go("echo-go", "echo.go"), "ours": bench.cc("echo-c", "echo.c", "-D_GNU_SOURCE")}
    print(f"\n{title}\n  {'':<27}{'served':>8}{'messages/s':>12}{'CPU ns each':>13}{'bytes/connection':>18}")
    for size in (1024, 16384):
        for procs in (1, 2):
            rows = {who: [] for who in servers}
            for _ in range(bench.rounds):
                for who, server in servers.items():
                    row = once(server, servers["ours"], size, procs)
                    if isinstance(row, str):
                        print(f"  {who}: left out: {row}")
                        return
                    rows[who].append(row)
            for who in servers:
                middle = [statistics.median(column) for column in zip(*rows[who])]
                print(f"  {who:<8}{size:>6} bytes, procs {procs}{middle[0]:>8.0f}{middle[1]:>12.0f}"
                      f"{middle[2]:>13.0f}{middle[3]:>18.0f}", flush=True)
