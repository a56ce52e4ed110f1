#!/usr/bin/env python3
"""Hold every #include of the tree against docs/layers.txt; prints what breaks it."""
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def rooms():
    table = {}
    for line in (ROOT / "docs/layers.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            floor, half, room, *open_headers = line.split()
            table[room] = (int(floor), half, open_headers)
    return table


def room_of(path, table):
    """The longest room that a path (relative to the root) lies in."""
    inside = [room for room in table if path.startswith(room + "/")]
    return max(inside, key=len, default=None)


def allowed(source, target, header, table):
    if source == target:
        return True
    (floor, half, _), (below, other, open_headers) = table[source], table[target]
    if below > floor or (below == floor and half != other):
        return False
    if below >= 2 and floor == 2 and half != other:
        return False
    name = header.rsplit("/", 1)[-1]
    return (name.endswith(".def") or name == target.rsplit("/", 1)[-1] + ".h" or "*" in open_headers
            or name in open_headers)


def complaints():
    table = rooms()
    for top in ("runtime", "detector", "reports", "cli"):
        for file in sorted((ROOT / top).rglob("*.[chS]")):
            path = str(file.relative_to(ROOT))
            source = room_of(path, table)
            if source is None:
                yield f"{path}: its folder is not in docs/layers.txt"
                continue
            for number, line in enumerate(file.read_text().splitlines(), 1):
                found = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
                if not found:
                    continue
                header = found[1]
                if (ROOT / header).exists():
                    target = room_of(header, table)
                    if target is None or not allowed(source, target, header, table):
                        yield f"{path}:{number}: {source} may not include {header}"
                elif not (ROOT / "runtime/include" / header).exists():
                    yield f"{path}:{number}: {header}: write includes from the repository root"


if __name__ == "__main__":
    found = list(complaints())
    print("\n".join(found))
    sys.exit(bool(found))
