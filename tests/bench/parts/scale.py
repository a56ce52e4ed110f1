"""How cost grows with the number of goroutines: many.c, beside many.go."""
import math

from parts.common import has_go, medians

COUNTS = [10 ** power for power in range(2, 7)]
WORKLOADS = {
    "wave": "start, wait and end, per goroutine",
    "beside": "a round trip over two channels, beside N that wait",
    "ring": "a hop in a ring of N",
}
PROCS = (1, 2)
# One column is a tenth of a power of ten, from 10 ns to 100 us.
WIDTH, LOWEST = 40, 1


def mark(line, ns, letter):
    at = min(max(round(10 * (math.log10(max(ns, 1)) - LOWEST)), 0), WIDTH)
    line[at] = letter if line[at] in " |" else "*"


def drawing(ours, theirs):
    line = ["|" if column % 10 == 0 else " " for column in range(WIDTH + 1)]
    mark(line, ours, "o")
    if theirs is not None:
        mark(line, theirs, "g")
    return "".join(line)


def run(bench):
    binaries = {"ours": bench.cc("many-c", "many.c")}
    if has_go():
        binaries["theirs"] = bench.go("many-go", "many.go")
    else:
        print("\nscale: Go is not installed (golang-go): ours alone")
    for name, words in WORKLOADS.items():
        for procs in PROCS:
            print(f"\nscale, {name}: {words}; ns, GOMAXPROCS {procs}\n"
                  f"  {'N':>8}{'Go':>10}{'ours':>10}{'ours/Go':>9}    {'o ours, g Go, * both':<{WIDTH + 1}}\n"
                  f"  {'':37}    " + "".join(f"{text:<10}" for text in ("10 ns", "100", "1 us", "10", "100")))
            for count in COUNTS:
                # A million take their time.
                rounds = bench.rounds if count < COUNTS[-1] else 1
                middle = medians(rounds, {who: ([binary, name, count], procs) for who, binary in binaries.items()})
                ours = middle["ours"][0]
                theirs = middle["theirs"][0] if "theirs" in middle else None
                beside = f"{'':>10}{ours:>10.0f}{'':>9}" if theirs is None else \
                    f"{theirs:>10.0f}{ours:>10.0f}{ours / theirs:>9.2f}"
                print(f"  {count:>8}{beside}    {drawing(ours, theirs)}", flush=True)
