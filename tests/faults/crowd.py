#!/usr/bin/env python3
"""crowd.py PROGRAM: crowd.c under several limits of its address space ends with status 2 and a message."""
import subprocess
import sys

for mib in (32, 100, 1000, 20000):
    done = subprocess.run([sys.argv[1], str(mib)], capture_output=True, text=True, timeout=300)
    words = next((line for line in done.stderr.splitlines() if line.startswith("fatal error: ")), None)
    print(f"{mib} MiB: status {done.returncode}, {words}")
    if done.returncode != 2 or not words or "out of memory" not in words:
        sys.exit(done.stdout + done.stderr[:4000])
