"""`gorace cc` is a compiler: separate compilation, libraries, C++, its own tools' habits."""
import shutil
import subprocess

import pytest

from program import ROOT, clean_environment, compilers, execute

HELP = ROOT / "tests/programs/tools"


def cc(gorace, compiler, *args, cwd=None, language="cc"):
    return subprocess.run([gorace, language, *map(str, args)], cwd=cwd, capture_output=True, text=True,
                          env=clean_environment(GORACE_CC=compiler, GORACE_CXX=compiler), timeout=120)


@pytest.mark.parametrize("compiler", compilers())
def test_compile_and_link_apart(gorace, tmp_path, compiler):
    done = cc(gorace, compiler, "-g", "-c", ROOT / "docs/examples/payment_race.c", "-o", "a.o", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    done = cc(gorace, compiler, "a.o", "-o", "a", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert execute([gorace, "run", tmp_path / "a"]).status == 66


@pytest.mark.parametrize("compiler", compilers())
def test_no_sanitizer_runtime_is_linked(gorace, example, compiler):
    binary = example("payment_race", compiler=compiler)
    assert "tsan" not in subprocess.run(["ldd", binary], capture_output=True, text=True).stdout
    symbols = subprocess.run(["nm", binary], capture_output=True, text=True).stdout
    for ours in ("__sanitizer_weak", "__sanitizer_syscall_"):
        symbols = symbols.replace(ours, "")
    assert "__tsan_init" in symbols and "__sanitizer_" not in symbols


@pytest.mark.parametrize("compiler", compilers())
def test_shared_library_is_checked_too(gorace, tmp_path, compiler):
    (tmp_path / "lib.c").write_text("long total;\nvoid add(long n) { total += n; }\n")
    (tmp_path / "main.c").write_text(
        "#include <pthread.h>\nvoid add(long);\n"
        "static void *t(void *u) { add(1); return u; }\n"
        "int main(void) { pthread_t p; pthread_create(&p, 0, t, 0); add(2);"
        " return pthread_join(p, 0); }\n")
    assert cc(gorace, compiler, "-g", "-fPIC", "-shared", "lib.c", "-o", "libadd.so", cwd=tmp_path).returncode == 0
    done = cc(gorace, compiler, "-g", "main.c", "-L.", "-ladd", "-Wl,-rpath," + str(tmp_path), "-o", "main",
              cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    outcome = execute([gorace, "run", tmp_path / "main"])
    assert outcome.status == 66 and "lib.c:2" in outcome.stderr


@pytest.mark.parametrize("compiler", [c for c in ("clang-14", "clang-16", "clang-19") if shutil.which(c)])
def test_every_clang_gives_the_verdicts(gorace, build, compiler):
    for name, status in (("payment_race", 66), ("payment_mutex", 0)):
        binary = build(ROOT / f"docs/examples/{name}.c", compiler)
        assert execute([gorace, "run", binary]).status == status


def test_errors_of_the_compiler_pass_through(gorace, tmp_path):
    (tmp_path / "bad.c").write_text("int main( {\n")
    done = cc(gorace, "gcc", "bad.c", cwd=tmp_path)
    assert done.returncode == 1 and "bad.c:1" in done.stderr
    assert cc(gorace, "no-such-compiler", "bad.c", cwd=tmp_path).returncode in (125, 127)


def test_asking_the_compiler_works(gorace):
    assert cc(gorace, "gcc", "--version").stdout == subprocess.run(
        ["gcc", "--version"], capture_output=True, text=True).stdout
    assert cc(gorace, "gcc", "-dumpmachine").returncode == 0
    assert cc(gorace, "gcc", "-E", "-x", "c", "/dev/null").returncode == 0


def test_go_takes_what_it_can_and_refuses_the_rest(gorace, tmp_path):
    head = "#include <gorace.h>\nstatic void f(int *p, long n) { (void)p; (void)n; }\n"
    (tmp_path / "bad.c").write_text(head + "int main(void) { go(f, 1.5, 2); }\n")
    assert cc(gorace, "gcc", "-c", "bad.c", cwd=tmp_path).returncode != 0
    (tmp_path / "few.c").write_text(head + "int main(void) { int i; go(f, &i); }\n")
    assert cc(gorace, "gcc", "-c", "few.c", cwd=tmp_path).returncode != 0
    (tmp_path / "good.c").write_text(head + "int main(void) { int i; go(f, &i, 2); }\n")
    assert cc(gorace, "gcc", "-Wall", "-Werror", "-c", "good.c", cwd=tmp_path).returncode == 0


def test_library_loaded_by_a_relative_name(gorace, tmp_path):
    """Its functions and lines are found, even when the program has changed its folder since."""
    (tmp_path / "lib.c").write_text("int counter;\nvoid bump(void) { counter++; }\n")
    (tmp_path / "main.c").write_text("""
#include <dlfcn.h>
#include <pthread.h>
#include <unistd.h>
static void (*bump)(void);
static void *run(void *unused) { bump(); return unused; }
int main(void) {
    void *library = dlopen("./lib.so", RTLD_NOW);
    pthread_t a, b;
    bump = (void (*)(void))dlsym(library, "bump");
    if (chdir("/")) return 1;
    pthread_create(&a, 0, run, 0);
    pthread_create(&b, 0, run, 0);
    pthread_join(a, 0);
    pthread_join(b, 0);
    return 0;
}
""")
    assert cc(gorace, "gcc", "-g", "-shared", "-fPIC", "lib.c", "-o", "lib.so", cwd=tmp_path).returncode == 0
    assert cc(gorace, "gcc", "-g", "main.c", "-o", "main", cwd=tmp_path).returncode == 0
    outcome = execute(["sh", "-c", 'cd "$1" && exec "$2" run ./main', "sh", tmp_path, gorace])
    assert outcome.status == 66, outcome
    assert "bump()" in outcome.stderr and "lib.c:2" in outcome.stderr
    assert "Location is global 'counter'" in outcome.stderr


def test_object_of_another_version_is_125(gorace, tmp_path):
    (tmp_path / "a.c").write_text("int main(void) { return 0; }\n")
    header = ROOT / "runtime/include/gorace/object.h"
    subprocess.run(["cc", "-c", "a.c", "-include", header, "-DGORACE_OBJECT_MARK=gr__object_built_for_gorace_9_9"],
                   cwd=tmp_path, check=True)
    done = cc(gorace, "gcc", "a.o", "-o", "a", cwd=tmp_path)
    assert done.returncode == 125 and "9.9" in done.stderr, done
    assert not (tmp_path / "a").exists()


QUIET = """
#include <pthread.h>
static int twice(int n) { return n > 3 ? n + n : 2 * n; }
static void *run(void *to) { for (int i = 0; i < 10; i++) *(int *)to += twice(i); return to; }
int main(void) {
    pthread_t a, b;
    int x = 0, y = 0;
    pthread_create(&a, 0, run, &x);
    pthread_create(&b, 0, run, &y);
    pthread_join(a, 0);
    pthread_join(b, 0);
    return x != y;
}
"""


@pytest.mark.parametrize("option", ["--coverage", "-fprofile-arcs"])
@pytest.mark.parametrize("compiler", compilers())
def test_counters_of_the_compiler_do_not_race(gorace, tmp_path, compiler, option):
    (tmp_path / "quiet.c").write_text(QUIET)
    done = cc(gorace, compiler, option, "quiet.c", "-o", "quiet", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    outcome = execute([gorace, "run", tmp_path / "quiet"])
    assert outcome.status == 0, outcome
    assert {path.name for path in tmp_path.iterdir()} >= {"quiet-quiet.gcda"}


def test_files_beside_the_object_go_beside_the_program(gorace, tmp_path):
    (tmp_path / "quiet.c").write_text(QUIET)
    done = cc(gorace, "gcc", "-gsplit-dwarf", "quiet.c", "-o", "quiet", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"quiet", "quiet.c", "quiet-quiet.dwo"}


@pytest.mark.parametrize("option", ["-static", "-static-pie"])
def test_static_executables_are_linked_with_shared_libraries(gorace, tmp_path, option):
    (tmp_path / "quiet.c").write_text(QUIET)
    done = cc(gorace, "gcc", option, "quiet.c", "-o", "quiet", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert execute([gorace, "run", tmp_path / "quiet"]).status == 0


@pytest.mark.parametrize("options", [["-Wl,-z,defs"], ["-Wl,-z", "-Wl,defs"], ["-z", "defs"], ["-Wl,-z,relro,-z,defs"],
                                     ["-Wl,--as-needed,--no-undefined"], ["-Xlinker", "--no-undefined"]])
def test_shared_libraries_need_not_know_who_has_the_doors(gorace, tmp_path, options):
    (tmp_path / "lib.c").write_text("long total;\nvoid add(long n) { total += n; }\n")
    done = cc(gorace, "gcc", "-fPIC", "-shared", "lib.c", "-o", "lib.so", *options, cwd=tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("option", ["-Wl,--exclude-libs,ALL", "-Wl,--version-script=all.map",
                                    "-Wl,--version-script,all.map"])
def test_what_the_executable_hides_is_no_door(gorace, tmp_path, option):
    (tmp_path / "all.map").write_text("{ local: *; };\n")
    (tmp_path / "lib.c").write_text("long total;\nvoid add(long n) { total += n; }\n")
    (tmp_path / "main.c").write_text("void add(long);\nint main(void) { add(1); return 0; }\n")
    assert cc(gorace, "gcc", "-fPIC", "-shared", "lib.c", "-o", "libadd.so", cwd=tmp_path).returncode == 0
    done = cc(gorace, "gcc", "main.c", "-L.", "-ladd", f"-Wl,-rpath,{tmp_path}", option, "-o", "main",
              cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert execute([gorace, "run", tmp_path / "main"]).status == 0


@pytest.mark.parametrize("arguments", [["-x", "c-header", "all.in"], ["all.h"]])
def test_header_is_precompiled(gorace, tmp_path, arguments):
    (tmp_path / arguments[-1]).write_text("#include <pthread.h>\n")
    done = cc(gorace, "gcc", *arguments, "-o", "all.gch", cwd=tmp_path)
    assert done.returncode == 0 and (tmp_path / "all.gch").read_bytes()[:4] == b"gpch", done


def test_close_that_the_program_makes_itself(gorace, tmp_path):
    (tmp_path / "own.c").write_text("""
#define _GNU_SOURCE
#include <sanitizer/linux_syscall_hooks.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(void) {
    int ends[2];
    if (pipe(ends)) return 1;
    __sanitizer_syscall_pre_close(ends[0]);
    long result = syscall(SYS_close, ends[0]);
    __sanitizer_syscall_post_close(result, ends[0]);
    return result != 0;
}
""")
    done = cc(gorace, "clang-14", "own.c", "-o", "own", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert execute([gorace, "run", tmp_path / "own"]).status == 0
