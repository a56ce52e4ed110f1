#!/usr/bin/env python3
"""What `./dev lint` runs: the rules of the tree, the format of the C files, clang-tidy. The format is
shown but only the first fails the run; clang-tidy fails it where it finds an error."""
import json
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def c_files():
    listed = subprocess.run(["git", "ls-files", "*.c", "*.h"], cwd=ROOT, capture_output=True, text=True)
    return listed.stdout.split()


def check_format():
    if not shutil.which("clang-format"):
        print("lint: clang-format is not installed: format not checked")
        return 0
    done = subprocess.run(["clang-format", "--dry-run", *c_files()], cwd=ROOT, capture_output=True, text=True)
    files = sorted({line.split(":")[0] for line in done.stderr.splitlines() if "warning" in line})
    print(f"lint: format: {len(files)} file(s) differ from .clang-format" + "".join(f"\n  {f}" for f in files))
    return 0


def check_tidy(tree):
    database = ROOT / tree / "compile_commands.json"
    if not shutil.which("clang-tidy"):
        print("lint: clang-tidy is not installed: not run")
        return 0
    subprocess.run(["cmake", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", "-B", tree, "-Wno-dev"], cwd=ROOT,
                   stdout=subprocess.DEVNULL, check=True)
    files = sorted({entry["file"] for entry in json.loads(database.read_text())
                    if entry["file"].endswith(".c") and "/tests/" not in entry["file"]})

    def tidy(file):
        return subprocess.run(["clang-tidy", "-quiet", "-p", tree, file], cwd=ROOT, capture_output=True,
                              text=True)

    errors = warnings = 0
    with ThreadPoolExecutor() as pool:
        for done in pool.map(tidy, files):
            lines = done.stdout.splitlines()
            errors += sum(": error:" in line for line in lines)
            warnings += sum(": warning:" in line for line in lines)
            if lines:
                print("\n".join(lines))
    print(f"lint: clang-tidy: {len(files)} files, {errors} errors, {warnings} warnings")
    return 1 if errors else 0


def main():
    tree = sys.argv[1] if len(sys.argv) > 1 else "build"
    rules = subprocess.run([sys.executable, "-m", "pytest", "-q", "tests/lint"], cwd=ROOT).returncode
    return rules | check_format() | check_tidy(tree)


if __name__ == "__main__":
    sys.exit(main())
