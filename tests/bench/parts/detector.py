"""The detector on plain programs of threads, against the compilers' ThreadSanitizer."""
import statistics
import subprocess
import sys

from parts.common import HERE, build, clang, geometric, table_names

SOURCE = HERE / "threads.c"


def has_tsan(compiler, folder):
    probe = folder / "probe.c"
    probe.write_text("int main(void) { return 0; }\n")
    return subprocess.run([compiler, "-fsanitize=thread", str(probe), "-o", str(folder / "probe")],
                          capture_output=True).returncode == 0


def cpu_and_memory(bench, command):
    """CPU seconds and peak KB of one run."""
    done = subprocess.run([bench.measure, *command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"bench: {' '.join(map(str, command))}: it failed")
    seconds, peak = done.stdout.split()[-2:]
    return float(seconds), int(peak)


def against(bench, compiler):
    flags = ["-O2", "-g"]
    native, theirs, ours = (bench.folder / f"{w}-{compiler}" for w in ("native", "tsan", "gorace"))
    build(native, [compiler, *flags, SOURCE, "-lpthread"])
    build(theirs, [compiler, *flags, "-fsanitize=thread", SOURCE, "-lpthread"])
    bench.gorace_cc(ours.name, SOURCE, "-g", compiler=compiler)
    print(f"\ndetector, against {compiler}'s ThreadSanitizer: CPU seconds, peak MB\n"
          f"  {'workload':<15}{'native':>8}{'tsan':>8}{'ours':>8}{'added':>8}"
          f"{'tsan MB':>10}{'ours MB':>10}{'memory':>8}")
    added, memory = [], []
    for name in table_names("threads.c", "} workloads[]"):
        runs = {who: [] for who in (native, theirs, ours)}
        for _ in range(bench.rounds):
            for who in runs:
                runs[who].append(cpu_and_memory(bench, [who, name]))
        cpu = {w: statistics.median(r[0] for r in runs[w]) for w in runs}
        peak = {w: statistics.median(r[1] for r in runs[w]) / 1024 for w in runs}
        added.append(max(cpu[ours] - cpu[native], 0.001) / max(cpu[theirs] - cpu[native], 0.001))
        memory.append(peak[ours] / peak[theirs])
        print(f"  {name:<15}{cpu[native]:>8.2f}{cpu[theirs]:>8.2f}{cpu[ours]:>8.2f}{added[-1]:>8.2f}"
              f"{peak[theirs]:>10.0f}{peak[ours]:>10.0f}{memory[-1]:>8.2f}", flush=True)
    print(f"  {'geometric mean':<39}{geometric(added):>8.2f}{'':>20}{geometric(memory):>8.2f}")


def run(bench):
    bench.measure = build(bench.folder / "measure", ["cc", "-O2", HERE / "measure.c"])
    for compiler in filter(None, (clang(), "gcc")):
        if has_tsan(compiler, bench.folder):
            against(bench, compiler)
        else:
            print(f"\ndetector, against {compiler}'s ThreadSanitizer: left out, its runtime is not installed")
