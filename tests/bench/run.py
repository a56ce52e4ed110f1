#!/usr/bin/env python3
"""`./dev bench [--rounds N] [PART...]`: ratios against peers measured in the same run.

Peers run in turn, round by round, and a ratio is that of the medians: absolute times of a busy machine
mean nothing. Each part is a file under parts/. Nothing is written into the tree."""
import argparse
import sys
import tempfile
from pathlib import Path

sys.dont_write_bytecode = True

from parts import detector, echo, memory, peers, runtime, scale
from parts.common import ROOT, Bench

PARTS = {
    "runtime": runtime.plain,       # against Go
    "peers": peers.run,             # against C libraries of coroutines
    "memory": memory.run,           # of goroutines that wait
    "scale": scale.run,             # 100 to a million goroutines
    "echo": echo.run,               # a server with 10,000 connections, beside Go's
    "race": runtime.checked,        # against Go's -race
    "detector": detector.run,       # against the compilers' ThreadSanitizer
}


def main():
    parser = argparse.ArgumentParser(prog="dev bench")
    parser.add_argument("tree")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS) + " (default: all)")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_intermixed_args()
    unknown = [name for name in options.parts if name not in PARTS]
    if unknown:
        parser.error(f"no part {unknown[0]}: there are {', '.join(PARTS)}")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench((ROOT / options.tree).resolve(), Path(folder), options.rounds)
        for name in options.parts or PARTS:
            PARTS[name](bench)


main()
