"""The runtime against C libraries of coroutines, on one processor.

Where they are: pkg-config, or the prefixes in GORACE_BENCH_LIBDILL and GORACE_BENCH_ARGOBOTS. They are
not built here; build them as their authors advise for speed (libdill: --disable-threads, Argobots:
--enable-perf-opt --enable-affinity --disable-checks)."""
import os
import subprocess
from pathlib import Path

from parts.common import HERE, build, geometric, medians

# peer, library, pkg-config's name, what else it links, {workload of runtime.c: workloads of the peer}
PEERS = [
    ("libdill", "libdill", "libdill", ["-lrt"], {"pingpong": ["pingpong"], "batch": ["batch", "handles"]}),
    ("argobots", "libabt", "argobots", ["-lpthread", "-lrt", "-ldl", "-lm"], {"batch": ["batch"]}),
]


def folders(peer, package):
    """Where its headers and its library lie; None: it is not there."""
    prefix = os.environ.get(f"GORACE_BENCH_{peer.upper()}")
    if prefix:
        return Path(prefix) / "include", Path(prefix) / "lib"
    found = [subprocess.run(["pkg-config", f"--variable={name}", package], capture_output=True, text=True)
             for name in ("includedir", "libdir")]
    return None if any(f.returncode for f in found) else tuple(Path(f.stdout.strip()) for f in found)


def flags(peer, library, package, others):
    """How to compile against the library, the static one if there is one: calls into it are quicker."""
    where = folders(peer, package)
    if where is None:
        return None
    include, folder = where
    static, shared = folder / f"{library}.a", folder / f"{library}.so"
    if static.exists():
        return [f"-I{include}", static, *others]
    return [f"-I{include}", shared, f"-Wl,-rpath,{folder}", *others] if shared.exists() else None


def run(bench):
    ours = bench.cc("runtime-c", "runtime.c")
    print(f"\nruntime, against C libraries, ns per operation, one processor\n"
          f"  {'workload':<12}{'peer':<22}{'theirs ns':>10}{'ours ns':>10}{'ours/theirs':>14}")
    ratios = []
    for peer, library, package, others, workloads in PEERS:
        how = flags(peer, library, package, others)
        if how is None:
            print(f"  {peer}: left out, it is not installed (GORACE_BENCH_{peer.upper()}=PREFIX names it)")
            continue
        theirs = build(bench.folder / peer, ["cc", "-O2", HERE / f"peer_{peer}.c", *how])
        for mine, names in workloads.items():
            middle = medians(bench.rounds, {"ours": ([ours, mine], 1),
                                            **{name: ([theirs, name], 1) for name in names}})
            for name in names:
                ratios.append(middle["ours"][0] / middle[name][0])
                label = peer if name == mine else f"{peer} ({name})"
                print(f"  {mine:<12}{label:<22}{middle[name][0]:>10.1f}{middle['ours'][0]:>10.1f}"
                      f"{ratios[-1]:>14.2f}", flush=True)
    if ratios:
        print(f"  {'geometric mean':<54}{geometric(ratios):>14.2f}")
