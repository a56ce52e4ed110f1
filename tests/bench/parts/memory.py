"""What goroutines that wait take, and what happens where there is no more memory."""
import resource
import subprocess

from parts.common import has_go, medians

COUNT = 1000000
LIMITS_GB = (1, 4, 16)


def parked(bench, binaries):
    print(f"\nmemory of a waiting goroutine, {COUNT} of them, bytes\n"
          f"  {'':<12}{'theirs':>10}{'ours':>10}{'ours/theirs':>14}")
    middle = medians(1, {who: ([binary, "parked", COUNT], 2) for who, binary in binaries.items()})
    rows = {who: [resident, tables, resident + tables] for who, (resident, tables) in middle.items()}
    for at, field in enumerate(("VmRSS", "VmPTE", "both")):
        ours = rows["ours"][at]
        theirs = rows["theirs"][at] if "theirs" in rows else 0
        print(f"  {field:<12}{theirs:>10.0f}{ours:>10.0f}{ours / theirs if theirs else float('nan'):>14.2f}")


def filled(binary, gigabytes):
    """How many goroutines fit into so much address space, and how it ended."""
    limit = gigabytes << 30
    done = subprocess.run([str(binary), "fill", str(COUNT)], capture_output=True, text=True, timeout=600,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
    last = int((done.stdout.split() or ["0"])[-1])
    words = done.stderr.strip().splitlines()
    return last, "all" if done.returncode == 0 else f"status {done.returncode}: {words[0] if words else ''}"


def limited(binaries):
    print(f"\naddress space limited (ulimit -v): how many of {COUNT} goroutines could wait")
    for gigabytes in LIMITS_GB:
        for who, binary in binaries.items():
            count, end = filled(binary, gigabytes)
            print(f"  {gigabytes:>3} GB {who:<8}{count:>10}  {end}", flush=True)


def run(bench):
    binaries = {"ours": bench.cc("many-c", "many.c")}
    if has_go():
        binaries["theirs"] = bench.go("many-go", "many.go")
    else:
        print("\nmemory: Go is not installed (golang-go): ours alone")
    parked(bench, binaries)
    limited(binaries)
