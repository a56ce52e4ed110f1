"""Test programs that say in themselves what gorace must find in them.

The first lines of a program under tests/programs or docs/examples hold its expectations:

    // want: race deposit        a finding of this kind whose report holds this word; or: none
    // status: 66                exit status under `gorace run`; by default it follows from `want`
    // stderr: regex             must be found in standard error (any number of lines)
    // stdout: regex             must be found in standard output
    // flags: -O0                more flags for the compiler
    // args: 3                   arguments of the program

Everything found must be wanted: a report of another kind fails the program.
"""
import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROCS = (1, 2, 8)

# kind of expectation -> how its report begins, exit status under `gorace run`
HEADLINES = {
    "race": (r"^WARNING: DATA RACE", 66),
    "deadlock": (r"^(fatal error: all goroutines are asleep - deadlock!|WARNING: DEADLOCK)", 66),
    "leak": (r"^WARNING: GOROUTINE LEAK", 66),
    "misuse": (r"^WARNING: MISUSE: ", 66),
    "lock-order": (r"^WARNING: LOCK ORDER INVERSION", 66),
    "panic": (r"^panic: ", 2),
    "fatal": (r"^fatal error: (?!all goroutines are asleep)", 2),
}


@dataclass
class Program:
    path: Path
    wants: list = field(default_factory=list)
    status: int = None
    stderr: list = field(default_factory=list)
    stdout: list = field(default_factory=list)
    flags: list = field(default_factory=list)
    args: list = field(default_factory=list)

    @property
    def name(self):
        return str(self.path.relative_to(ROOT).with_suffix("")).replace("tests/programs/", "")

    @property
    def kinds(self):
        return {kind for kind, _ in self.wants}


def read_program(path):
    program = Program(path)
    for line in path.read_text().splitlines()[:30]:
        found = re.match(r"// (want|status|stderr|stdout|flags|args): ?(.*)$", line)
        if not found:
            continue
        key, value = found.groups()
        if key == "want":
            kind, *words = value.split()
            assert kind == "none" or kind in HEADLINES, f"{path}: want: {kind}?"
            if kind != "none":
                program.wants.append((kind, words))
            elif not program.wants:
                program.wants = []
        elif key == "status":
            program.status = int(value)
        elif key in ("stderr", "stdout"):
            getattr(program, key).append(value)
        else:
            setattr(program, key, value.split())
    if program.status is None:
        program.status = max([HEADLINES[k][1] for k in program.kinds], default=0)
    return program


def all_programs():
    paths = [*(ROOT / "tests/programs").rglob("*.c"), *(ROOT / "tests/programs").rglob("*.cc"),
             *(ROOT / "docs/examples").glob("*.c")]
    return [read_program(path) for path in sorted(paths)]


def compilers():
    """The compilers to test with: $GORACE_TEST_COMPILERS, else gcc and the oldest clang here."""
    named = os.environ.get("GORACE_TEST_COMPILERS")
    if named:
        return named.split()
    clang = next((c for c in ("clang-14", "clang", "clang-16", "clang-19") if shutil.which(c)), None)
    return ["gcc"] + ([clang] if clang else [])


def tool():
    return str((ROOT / os.environ.get("GORACE_BUILD", "build") / "bin/gorace").resolve())


def clean_environment(**more):
    """Ours, without what a caller may have set for gorace or the Go runtime."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GORACE", "GOMAXPROCS"))}
    env.update({k: str(v) for k, v in more.items()})
    return env


def compile_with(gorace, compiler, sources, output, flags=("-O1",)):
    """Compile and link with `gorace cc` (c++ for .cc). Raises with the compiler's words on failure."""
    sources = [str(s) for s in sources]
    cxx = any(s.endswith(".cc") for s in sources)
    if cxx:
        compiler = compiler.replace("gcc", "g++").replace("clang", "clang++")
    command = [gorace, "c++" if cxx else "cc", "-g", "-Wall", *flags, *sources, "-o", str(output)]
    done = subprocess.run(command, env=clean_environment(GORACE_CC=compiler, GORACE_CXX=compiler),
                          capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return output


@dataclass
class Outcome:
    status: int
    stdout: str
    stderr: str

    def kinds(self):
        return {kind for kind, (headline, _) in HEADLINES.items()
                if re.search(headline, self.stderr, re.M)}


def execute(command, procs=2, timeout=60, input=None, **env):
    """Run a command; a death by signal becomes 128+N. On a time-out its whole group is killed."""
    child = subprocess.Popen([str(c) for c in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, env=clean_environment(GOMAXPROCS=procs, **env),
                             start_new_session=True)
    try:
        out, err = child.communicate(input, timeout)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        out, err = child.communicate()
        err += b"\n(killed: it took longer than %d s)\n" % timeout
    status = child.returncode if child.returncode >= 0 else 128 - child.returncode
    return Outcome(status, out.decode(errors="replace"), err.decode(errors="replace"))


def complaints(program, outcome):
    """What the outcome of `gorace run` lacks or has too much of, as a list of sentences."""
    wrong = []
    if outcome.status != program.status:
        wrong.append(f"exit status {outcome.status}, wanted {program.status}")
    for kind in sorted(program.kinds - outcome.kinds()):
        wrong.append(f"no report of kind {kind}")
    for kind in sorted(outcome.kinds() - program.kinds):
        wrong.append(f"a report of kind {kind} that is not wanted")
    for kind, words in program.wants:
        wrong += [f"{kind}: no word '{w}' in the report" for w in words if w not in outcome.stderr]
    wrong += [f"stderr lacks /{p}/" for p in program.stderr
              if not re.search(p, outcome.stderr, re.M)]
    wrong += [f"stdout lacks /{p}/" for p in program.stdout
              if not re.search(p, outcome.stdout, re.M)]
    return wrong
