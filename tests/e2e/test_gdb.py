"""The gdb script (runtime/inspect/gdb.py) on a live process and on a core."""
import re
import shutil
import subprocess

import pytest

from program import ROOT, clean_environment, tool
from pathlib import Path

SCRIPT = ROOT / "runtime/inspect/gdb.py"
WAITERS = ROOT / "tests/programs/tools/waiters.c"

pytestmark = pytest.mark.skipif(not shutil.which("gdb"), reason="gdb is not installed")


def gdb(*arguments, commands):
    given = [word for command in commands for word in ("-ex", command)]
    done = subprocess.run(["gdb", "-q", "-batch", "-nx", "-ex", "set debuginfod enabled off", *given, *arguments],
                          capture_output=True, text=True, timeout=120, env=clean_environment(GOMAXPROCS=2),
                          stdin=subprocess.DEVNULL)
    if "ptrace: Operation not permitted" in done.stderr:
        pytest.skip("processes can't be traced here")
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def waiters(tmp_path_factory):
    binary = tmp_path_factory.mktemp("gdb") / "waiters"
    subprocess.run(["cc", "-g", "-O1", "-I", ROOT / "runtime/include", WAITERS, "-o", binary,
                    Path(tool()).parents[1] / "lib/libgorace.a", "-lpthread"], check=True, env=clean_environment())
    return binary


def number_of(listing, place):
    found = re.search(rf"^. (\d+) .* {place}\(\) at ", listing, re.M)
    assert found, listing
    return found.group(1)


def check_listing(text):
    assert re.search(r"^\* 1 +running +main\(\) at \S*waiters\.c:\d+$", text, re.M), text
    assert re.search(r"^  \d+ +chan receive +inner\(\) at \S*waiters\.c:\d+$", text, re.M), text
    assert re.search(r"^  \d+ +sync\.Mutex\.Lock +'locker' locker\(\) at \S*waiters\.c:\d+$", text, re.M), text
    assert re.search(r"^  \d+ +select +chooser\(\) at \S*waiters\.c:\d+$", text, re.M), text


def check_frames(text):
    assert re.search(r"^#\d+ .* in inner \(.*\n#\d+ .* in middle \(.*number=3.*\n#\d+ .* in outer \(", text, re.M), text


def test_live_process(waiters):
    start = ["run 2 abort", f"source {SCRIPT}", "info goroutines"]
    listing = gdb(waiters, commands=start)
    check_listing(listing)
    deep = number_of(listing, "inner")
    text = gdb(waiters, commands=[*start, f"goroutine {deep} bt", f"goroutine {deep} up", "goroutine all bt 1", "bt",
                                  "goroutine 99 bt"])
    check_frames(text)
    assert re.search(r"^#\d+ +0x\w+ in middle \(", text, re.M), text     # `up` from the frame that waits
    assert len(re.findall(r"^goroutine \d+ \[", text, re.M)) == 6, text
    assert re.search(r"^#\d+ .*abort \(", text, re.M), text           # the thread itself is as it was
    assert len(re.findall(r"^goroutine \d+ \[(?!running).*\]:\n#1 ", text, re.M)) == 5, text
    assert "there is no goroutine 99" in text


def test_core(waiters, tmp_path):
    pattern = Path("/proc/sys/kernel/core_pattern").read_text().strip()
    if pattern.startswith("|") or "/" in pattern:
        pytest.skip(f"cores do not come to the program's folder here: {pattern}")
    subprocess.run(["sh", "-c", 'ulimit -c unlimited && exec "$@"', "sh", waiters, "2", "abort"], cwd=tmp_path,
                   env=clean_environment(), stderr=subprocess.DEVNULL)
    cores = list(tmp_path.glob("core*"))
    if not cores:
        pytest.skip("no core was written")
    listing = gdb(waiters, cores[0], commands=[f"source {SCRIPT}", "info goroutines"])
    check_listing(listing)
    text = gdb(waiters, cores[0], commands=[f"source {SCRIPT}", f"goroutine {number_of(listing, 'inner')} bt"])
    cores[0].unlink()
    check_frames(text)


def test_program_without_goroutines(tmp_path):
    source = tmp_path / "plain.c"
    source.write_text("int main(void) { return 0; }\n")
    subprocess.run(["cc", "-g", source, "-o", tmp_path / "plain"], check=True)
    assert "no goroutines" in gdb(tmp_path / "plain", commands=[f"source {SCRIPT}", "info goroutines"])
