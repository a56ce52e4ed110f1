"""The runtime's workloads, runtime.c against its twin runtime.go; plain and checked."""
from parts.common import geometric, has_go, medians, table_names

PROCS = (1, 2)
# Fewer where all would take too long, or more stack than a checked goroutine has.
FEWER_CHECKED = {"skynet": "100000", "deep": "100000"}


def table(bench, title, ours, theirs, fewer):
    print(f"\n{title}, ns per operation   (GOMAXPROCS 1, 2)\n"
          f"  {'workload':<12}{'theirs ns':>20}{'ours ns':>20}{'ours/theirs':>16}")
    ratios = {procs: [] for procs in PROCS}
    for name in table_names("runtime.c", "} table[]"):
        count = [fewer[name]] if name in fewer else []
        middle = medians(bench.rounds, {(who, procs): ([binary, name, *count], procs) for procs in PROCS
                                        for who, binary in (("theirs", theirs), ("ours", ours))})
        ns = {key: values[0] for key, values in middle.items()}
        for procs in PROCS:
            ratios[procs].append(ns["ours", procs] / ns["theirs", procs])
        print(f"  {name:<12}" + "".join(f"{ns[who, p]:>10.0f}" for who in ("theirs", "ours") for p in PROCS)
              + "".join(f"{ratios[p][-1]:>8.2f}" for p in PROCS), flush=True)
    print(f"  {'geometric mean':<52}" + "".join(f"{geometric(ratios[p]):>8.2f}" for p in PROCS)
          + f"   both {geometric(sum(ratios.values(), [])):.2f}")


def plain(bench):
    if not has_go():
        print("\nruntime, against Go: left out, Go is not installed (golang-go)")
        return
    table(bench, "runtime, against Go", bench.cc("runtime-c", "runtime.c"), bench.go("runtime-go", "runtime.go"), {})


def checked(bench):
    if not has_go():
        print("\ninstrumented, against go -race: left out, Go is not installed (golang-go)")
        return
    table(bench, "instrumented, against go -race", bench.gorace_cc("race-c", "runtime.c"),
          bench.go("race-go", "runtime.go", "-race"), FEWER_CHECKED)
