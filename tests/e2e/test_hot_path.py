"""The detector's hot path does not grow: its instructions are counted.

What the compiler calls at every load, store and function is most of what a checked program costs. A helper that
is no longer inlined, one more load or a register that is saved there costs all programs, and is lost in a bench's
noise; a count of instructions has none. It depends on the compiler, so only what gcc made of a release build is
counted.
"""
import platform
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from program import ROOT, clean_environment, tool

EPOCHS = ROOT / "tests/programs/tools/epochs.c"

# Instructions from the entry to `ret` when everything is known: the access was made before in this epoch, or the
# function was called from here before. As measured with gcc 12, and no more: each is paid at every access or call.
# Who makes a path shorter lowers its limit; who must raise one says why in the commit. An unaligned access is a
# jump to the other; one of 16 bytes looks at two cells.
ONE_CELL, TWO_CELLS, JUMP = 14, 22, 1
LIMITS = {
    **{f"__tsan_{kind}{size}": ONE_CELL for kind in ("read", "write") for size in (1, 2, 4, 8)},
    **{f"__tsan_{kind}16": TWO_CELLS for kind in ("read", "write")},
    **{f"__tsan_unaligned_{kind}{size}": ONE_CELL + JUMP for kind in ("read", "write") for size in (2, 4, 8)},
    **{f"__tsan_unaligned_{kind}16": TWO_CELLS + JUMP for kind in ("read", "write")},
    "__tsan_func_entry": 35,
    "__tsan_func_exit": 11,
}

# The next level, as executed: the first access to a place in a new epoch, where one older record is replaced. It
# goes through several functions, and what is inlined where changes with what is around, so it may vary a little.
NEW_EPOCH = {"__tsan_read8": 152, "__tsan_write8": 154}
SLACK = 0.10

# Executed too, as two ways lead through them without a call.
CALLS = ("__tsan_func_entry", "__tsan_func_exit")


def why_not():
    """Why the limits say nothing of the build under test, if so."""
    tree = Path(tool()).parents[1]
    settings = "".join(file.read_text() for name in ("CMakeCache.txt", "CMakeFiles/*/CMakeCCompiler.cmake")
                       for file in tree.glob(name))
    if platform.machine() != "x86_64":
        return "the limits are for x86-64"
    if "CMAKE_BUILD_TYPE:STRING=Release\n" not in settings:
        return "the limits are for the release preset"
    if '(CMAKE_C_COMPILER_ID "GNU")' not in settings:
        return "the limits are for a library that gcc has made"
    return ""


pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not())


class Code:
    """The instructions of a program, and the hot paths in them."""

    def __init__(self, binary):
        text = subprocess.run(["objdump", "-t", "-d", "--no-show-raw-insn", binary], capture_output=True, text=True,
                              timeout=120, check=True, env=clean_environment(LC_ALL="C")).stdout
        self.address_of = {name: int(address, 16)
                           for address, name in re.findall(r"^([0-9a-f]+) .*\.text\S*\t.* (\S+)$", text, re.M)}
        self.at = {int(address, 16): instruction
                   for address, instruction in re.findall(r"^ *([0-9a-f]+):\t(.*)$", text, re.M)}
        addresses = list(self.at)
        self.after = dict(zip(addresses, addresses[1:]))
        self.counted = {}

    def ways(self, address):
        """Where the program can go on from here within the functions that the compiler calls: a call or a jump to
        one of ours is not on the hot path."""
        verb, target = re.match(r"(?:notrack |bnd |repz? )*(\S+) *(?:([0-9a-f]+) <__tsan_)?", self.at[address]).groups()
        if verb.startswith(("call", "ret", "ud2")):
            return []
        ways = [] if verb.startswith("jmp") else [self.after[address]]
        return ways + [int(target, 16)] if verb.startswith("j") and target else ways

    def returns(self, address):
        return re.match(r"(?:bnd |repz? )*ret", self.at[address])

    def counts(self, address):
        """Not padding: of the length of code it is no measure."""
        return not re.match(r"(?:data16 |cs )*(?:nop|endbr64|xchg +%ax,%ax)", self.at[address])

    def hot_path(self, address, before=()):
        """How many instructions the longest way to `ret` without a call has; 0 when there is none. The longest, as
        for a thread that is not watched there is a short one."""
        assert address not in before, f"a loop on the hot path, at {address:x}: {self.at[address]}"
        if address not in self.counted:
            rest = max((self.hot_path(way, (*before, address)) for way in self.ways(address)), default=0)
            self.counted[address] = rest + self.counts(address) if rest or self.returns(address) else 0
        return self.counted[address]

    def listing(self, address):
        lines = []
        while address in self.at and len(lines) < 60:
            lines.append(f"{address:x}: {self.at[address]}")
            address = self.after.get(address)
        return "\n".join(lines)


@pytest.fixture(scope="module")
def code(build):
    if not shutil.which("objdump"):
        pytest.skip("objdump is not installed")
    return Code(build(EPOCHS))


@pytest.mark.parametrize("name", LIMITS)
def test_known(code, name):
    start = code.address_of[name]
    count = code.hot_path(start)
    # Less than half: the way of the threads that are not watched is all that is left.
    assert count > LIMITS[name] / 2, f"no hot path through {name} without a call:\n{code.listing(start)}"
    assert count <= LIMITS[name], f"{name} takes {count} instructions:\n{code.listing(start)}"


# For gdb: at every call of the functions it steps until the return, and prints "stepped NAME COUNT". The caller
# sets `names`. A function that has not come back after so many steps does something else.
STEPPING = """
import gdb

def register(name):
    return int(gdb.parse_and_eval("(unsigned long)$" + name))

name_at = {}
for name in names:
    gdb.Breakpoint("*" + name)
gdb.execute("run")
while gdb.selected_inferior().pid:
    if not name_at:
        name_at = {int(gdb.parse_and_eval("(unsigned long)&" + name)): name for name in names}
    name, top, count = name_at[register("pc")], register("rsp"), 0
    while register("rsp") <= top and count < 3000:
        gdb.execute("stepi")
        count += 1
    print("\\nstepped", name, count)
    gdb.execute("continue")
"""


@pytest.fixture(scope="module")
def stepped(build, tmp_path_factory):
    """{function: instructions executed in each of its calls}."""
    if not shutil.which("gdb"):
        pytest.skip("gdb is not installed")
    script = tmp_path_factory.mktemp("hot_path") / "stepping.py"
    script.write_text(f"names = {[*NEW_EPOCH, *CALLS]}\n{STEPPING}")
    done = subprocess.run(["gdb", "-q", "-batch", "-nx", "-ex", "set debuginfod enabled off", "-x", script,
                           build(EPOCHS)], capture_output=True, text=True, timeout=30, stdin=subprocess.DEVNULL,
                          env=clean_environment(GOMAXPROCS=2))
    if "ptrace: Operation not permitted" in done.stderr:
        pytest.skip("processes can't be traced here")
    counts = {name: [] for name in (*NEW_EPOCH, *CALLS)}
    for name, count in re.findall(r"^stepped (\S+) (\d+)$", done.stdout, re.M):
        counts[name].append(int(count))
    assert all(len(calls) >= 4 for calls in counts.values()), done.stdout[-3000:] + done.stderr
    return counts


@pytest.mark.parametrize("name", NEW_EPOCH)
def test_new_epoch(stepped, name):
    """The least of the calls after the first: another place may have taken the cache's entry in one."""
    count = min(stepped[name][1:])
    assert count > LIMITS[name] + 20, f"{stepped}: that was no new epoch"
    assert count <= NEW_EPOCH[name] * (1 + SLACK), f"{name} takes {count} instructions in a new epoch"


@pytest.mark.parametrize("name", CALLS)
def test_known_call(stepped, name):
    assert min(stepped[name][1:]) <= LIMITS[name], stepped
