"""Rules of the tree that a machine can check."""
import re
import subprocess

import pytest

import layers

ROOT = layers.ROOT
SOURCES = [f for top in ("runtime", "detector", "reports", "cli", "tests/unit", "tests/model", "tests/stress",
                         "tests/faults")
           for f in sorted((ROOT / top).rglob("*.[ch]"))]


def rows(name):
    """The rows of a table under runtime/vocab as lists of their columns' text."""
    text = (ROOT / f"runtime/vocab/{name}.def").read_text()
    return [[c.strip().strip('"') for c in row.split(",")]
            for row in re.findall(rf"^{name.upper()}\((.*)\)$", text, re.M)]


def test_layers():
    assert not list(layers.complaints())


def test_every_happens_before_rule_has_both_programs():
    names = [row[2] for row in rows("sync")]
    assert len(names) > 20
    folder = ROOT / "tests/programs/hb"
    wanted = {f"{verdict}_{name}.c" for name in names for verdict in ("race", "norace")}
    assert {f.name for f in folder.glob("*.c")} == wanted


@pytest.mark.parametrize("table", ["event", "finding", "record", "sync", "wait"])
def test_numbers_of_a_table_are_written_once(table):
    text = (ROOT / f"runtime/vocab/{table}.def").read_text()
    numbers = re.findall(rf"^{table.upper()}\((\d+),", text, re.M)
    assert len(numbers) == len(set(numbers)) > 5


def test_programs_say_their_verdict_in_their_name():
    for file in sorted((ROOT / "tests/programs").rglob("*.c*")):
        kind = re.match(r"// want: (\S+)", file.read_text())
        assert kind, f"{file}: no '// want:' in its first line"
        if file.parent.name != "tools":
            prefix = file.stem.split("_")[0].replace("norace", "none")
            assert prefix == kind[1] or (prefix, kind[1]) == ("panic", "fatal"), file


@pytest.mark.parametrize("file", SOURCES, ids=lambda f: str(f.relative_to(ROOT)))
def test_source_file(file):
    text = file.read_text()
    lines = text.splitlines()
    assert text.startswith("/*"), "the head comment says what lives here and who may call it"
    assert len(lines) < 600
    assert all(len(line) <= 120 for line in lines), "lines are at most 100 columns, 120 in tables"
    assert not re.search(r"\b(TODO|FIXME|XXX)\b", text)
    assert text.endswith("\n") and "\t" not in text


def test_shell_scripts_parse():
    for script in ("dev", ".ci/run"):
        assert subprocess.run(["bash", "-n", ROOT / script]).returncode == 0
