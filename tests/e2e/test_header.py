"""gorace.h as programs meet it: in C and C++, strict dialects, several units, shared libraries, plain and
under `gorace cc`; and what go() refuses to compile."""
import subprocess
from pathlib import Path

import pytest

from program import ROOT, clean_environment, compilers, execute, tool

INCLUDE = ROOT / "runtime/include"
STRICT = ["-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Wundef",
          "-Wcast-qual", "-Werror"]
STRICT_C = STRICT + ["-Wstrict-prototypes", "-Wmissing-prototypes", "-Wbad-function-cast"]
STRICT_CXX = STRICT + ["-Wold-style-cast"]


def cxx(compiler):
    return compiler.replace("gcc", "g++").replace("clang", "clang++")


def library():
    return Path(tool()).parents[1] / "lib/libgorace.a"


def run(*command, cwd, **environment):
    return subprocess.run([str(c) for c in command], cwd=cwd, capture_output=True, text=True, timeout=120,
                          env=clean_environment(**environment))


def must(*command, cwd, **environment):
    done = run(*command, cwd=cwd, **environment)
    assert done.returncode == 0, f"{done.args}\n{done.stdout}{done.stderr}"


# What both languages can say; each adds its own.
COMMON = r"""
#include <gorace.h>
#include <stdio.h>

enum colour { RED, GREEN };
struct point { int x, y; };

static gr_waitgroup done;
static int count;

static void none(void) { count++; gr_waitgroup_done(&done); }
static int eight(char a, short b, int c, long d, void *e, const char *f, bool g, unsigned long h) {
    count += a == 'x' && b == -2 && c == 3 && d == -4L && e == &count && f[0] == 't' && g && h == 8UL;
    gr_waitgroup_done(&done);
    return 0;
}
static void enumerated(enum colour colour, unsigned char byte, int64_t wide) {
    count += colour == GREEN && byte == 200 && wide == INT64_MIN;
    gr_waitgroup_done(&done);
}
static void called_back(void (*fn)(void)) { fn(); }
static void plain(void *argument) { count += argument == &count; gr_waitgroup_done(&done); }
static void wait_for(int goroutines) {
    gr_waitgroup_wait(&done);
    gr_waitgroup_add(&done, goroutines);
}

static void use_go(void) {
    struct point p = {3, 0};
    const enum colour green = GREEN;
    const char text[] = "text";
    wait_for(1);
    go(none);
    wait_for(1);
    go(eight, 'x', -2, p.x, -4L, &count, text, true, 8UL);
    wait_for(1);
    if (count) go(enumerated, green, 200, INT64_MIN);
    else puts("never");
    wait_for(1);
    go(called_back, none);
    wait_for(1);
    go(enumerated, GREEN, 200, INT64_MIN);
    wait_for(1);
    gr_go(plain, &count);
    wait_for(0);
}

static void use_channels(void) {
    gr_chan *numbers = gr_make(int, 2), *points = gr_make(struct point, 1), *none_such = NULL;
    int n = 0;
    gr_send_value(numbers, int, 4);
    gr_send_value(numbers, int, n + 1);
    count += gr_recv(numbers, &n) && n == 4;
    const struct point origin = {1, 2};
    gr_send(points, &origin);
    struct point p;
    gr_case cases[] = {gr_case_recv(points, &p), gr_case_send(none_such, &origin)};
    count += gr_select(cases, 2) == 0 && cases[0].ok && p.y == 2;
    count += gr_select_default(cases, 2) == -1;
    gr_close(numbers);
    count += gr_try_recv(numbers, &n) == GR_RECEIVED && gr_try_recv(numbers, &n) == GR_CLOSED;
    gr_chan_free(numbers);
    gr_chan_free(points);
}

static gr_mutex mutex = GR_MUTEX_INIT;
static void use_the_rest(void) {
    gr_context *context = gr_with_timeout(gr_background(), 2 * GR_MILLISECOND + 3 * GR_HOUR);
    gr_mutex_lock(&mutex);
    gr_happens_before(&mutex);
    gr_mutex_unlock(&mutex);
    gr_happens_after(&mutex);
    gr_sleep(3 * GR_MICROSECOND);
    gr_context_cancel(context);
    count += gr_context_err(context) == GR_CONTEXT_CANCELED && gr_race_errors() == 0;
    gr_context_free(context);
}
"""
C = COMMON + r"""
int main(void) {
    use_go();
    use_channels();
    use_the_rest();
    gr_send_value(gr_make(struct point, 1), struct point, .x = 1);
    printf("%d\n", count);
    return 0;
}
"""
CXX = COMMON + r"""
enum class Kind : short { FIRST, SECOND };
struct Counter {
    int value;
    static void add(Counter *counter, Kind kind) {
        counter->value += static_cast<int>(kind);
        gr_waitgroup_done(&done);
    }
};
template <class T> static void typed(T *to, T value) { *to = value; gr_waitgroup_done(&done); }
static void careful(int *to) noexcept { *to = 7; gr_waitgroup_done(&done); }

int main() {
    use_go();
    use_channels();
    use_the_rest();
    Counter counter{0};
    wait_for(1);
    go(Counter::add, &counter, Kind::SECOND);
    wait_for(1);
    go([] { count += 100; gr_waitgroup_done(&done); });
    wait_for(1);
    go([](Counter *c, int n) { c->value += n; gr_waitgroup_done(&done); }, &counter, 10);
    wait_for(1);
    long typed_to = 0;
    go(typed<long>, &typed_to, 5L);
    wait_for(1);
    int careful_to = 0;
    go(careful, &careful_to);
    wait_for(1);
    gr_go([](void *c) { static_cast<Counter *>(c)->value += 100; gr_waitgroup_done(&done); }, &counter);
    wait_for(0);
    gr_chan *points = gr_make(point, 1);
    point p{};
    gr_send_value(points, point, (point{8, 9}));
    count += gr_recv(points, &p) && p.y == 9;
    printf("%d %d %ld %d\n", count, counter.value, typed_to, careful_to);
}
"""


@pytest.mark.parametrize("standard", ["c11", "c17", "gnu11", "gnu2x"])
@pytest.mark.parametrize("compiler", compilers())
def test_all_of_it_in_c(gorace, tmp_path, compiler, standard):
    (tmp_path / "a.c").write_text(C)
    build = [f"-std={standard}", *STRICT_C, "-O1", "a.c"]
    must(compiler, "-I", INCLUDE, *build, library(), "-lpthread", "-o", "plain", cwd=tmp_path)
    must(gorace, "cc", *build, "-o", "checked", cwd=tmp_path, GORACE_CC=compiler)
    for command in ([tmp_path / "plain"], [gorace, "run", tmp_path / "checked"]):
        outcome = execute(command)
        assert outcome.status == 0 and outcome.stdout == "11\n", outcome


@pytest.mark.parametrize("standard", ["c++11", "c++14", "c++17", "c++20"])
@pytest.mark.parametrize("compiler", compilers())
def test_all_of_it_in_cxx(gorace, tmp_path, compiler, standard):
    (tmp_path / "a.cc").write_text(CXX)
    build = [f"-std={standard}", *STRICT_CXX, "-O1", "a.cc"]
    must(cxx(compiler), "-I", INCLUDE, *build, library(), "-lpthread", "-o", "plain", cwd=tmp_path)
    must(gorace, "c++", *build, "-o", "checked", cwd=tmp_path, GORACE_CXX=cxx(compiler))
    for command in ([tmp_path / "plain"], [gorace, "run", tmp_path / "checked"]):
        outcome = execute(command)
        assert outcome.status == 0 and outcome.stdout == "112 111 5 7\n", outcome


DECLARATIONS = """
#include <gorace.h>
struct pair { long a, b; };
static void takes(int *p, long n) { (void)p; (void)n; }
static void nothing(void) {}
static void floats(float f) { (void)f; }
static void doubles(double d, int n) { (void)d; (void)n; }
static void long_doubles(long double d) { (void)d; }
static void object(struct pair p) { (void)p; }
static void nine(int a, int b, int c, int d, int e, int f, int g, int h, int i) {
    (void)a; (void)b; (void)c; (void)d; (void)e; (void)f; (void)g; (void)h; (void)i;
}
int main(void) {
    int i = 0;
    float f = 0;
    long double wide = 0;
    char *text = NULL;
    struct pair pair = {0, 0};
    (void)i; (void)f; (void)wide; (void)text; (void)pair;
    (void)&takes; (void)&nothing; (void)&floats; (void)&doubles; (void)&long_doubles; (void)&object; (void)&nine;
    %s;
    return 0;
}
"""
REFUSED = ["go(takes, &i, 1.5)", "go(takes, &i, f)", "go(takes, &i, wide)", "go(floats, 1)", "go(floats, f)",
           "go(doubles, 1, 2)", "go(doubles, 1.5, 2)", "go(long_doubles, i)", "go(takes, &i)", "go(takes)",
           "go(takes, &i, 1, 2)", "go(nothing, 1)", "go(takes, 5, 1)", "go(takes, text, 1)", "go(takes, &i, text)",
           "go(object, pair)", "go(object, 1)", "go(nine, 1, 2, 3, 4, 5, 6, 7, 8, 9)", "go(i)"]


@pytest.mark.parametrize("include", ["-I", "-isystem"])
@pytest.mark.parametrize("language", ["c", "c++"])
@pytest.mark.parametrize("compiler", compilers())
def test_go_refuses(tmp_path, compiler, language, include):
    if language == "c++":
        compiler = cxx(compiler)

    def compiles(statement):
        (tmp_path / "a.c").write_text(DECLARATIONS % statement)
        return run(compiler, "-x", language, include, INCLUDE, "-fsyntax-only", "a.c",
                   cwd=tmp_path).returncode == 0
    assert compiles("go(takes, &i, 1)") and compiles("go(nothing)")
    assert [statement for statement in REFUSED if compiles(statement)] == []


def test_go_refuses_references_in_cxx(tmp_path):
    for parameter in ("int &", "const long &", "int &&"):
        (tmp_path / "a.cc").write_text(f"#include <gorace.h>\nvoid f({parameter});\nint main() {{ go(f, 1); }}\n")
        done = run("g++", "-I", INCLUDE, "-fsyntax-only", "a.cc", cwd=tmp_path)
        assert done.returncode != 0 and "pass a pointer" in done.stderr, done
    (tmp_path / "a.cc").write_text("#include <gorace.h>\nint main() { int i = 0; go([i] { (void)i; }); }\n")
    assert run("g++", "-I", INCLUDE, "-fsyntax-only", "a.cc", cwd=tmp_path).returncode != 0


def test_short_names_can_be_hidden(tmp_path):
    text = "#define GORACE_NO_SHORT_NAMES\n#include <gorace.h>\n" \
           "int go(int n);\nint go(int n) { return n; }\nint main(void) { return go(0); }\n"
    for compiler, name in (("gcc", "a.c"), ("g++", "a.cc")):
        (tmp_path / name).write_text(text)
        must(compiler, "-Wall", "-Werror", "-I", INCLUDE, "-c", name, cwd=tmp_path)


# Three units: goroutines and channels go to and fro between them.
SUM = """
#include <gorace.h>
extern "C" int sum_of(gr_chan *numbers);
static void add(gr_chan *numbers, int *sum, gr_waitgroup *done) {
    for (int n; gr_recv(numbers, &n);) *sum += n;
    gr_waitgroup_done(done);
}
int sum_of(gr_chan *numbers) {
    int sum = 0;
    gr_waitgroup done = {};
    gr_waitgroup_add(&done, 1);
    go(add, numbers, &sum, &done);
    gr_waitgroup_wait(&done);
    return sum;
}
"""
SEND = """
#include <gorace.h>
void send_all(gr_chan *numbers, int last);
void send_all(gr_chan *numbers, int last) {
    for (int i = 1; i <= last; i++) gr_send_value(numbers, int, i);
    gr_close(numbers);
}
"""
WORK = """
#include <gorace.h>
void send_all(gr_chan *numbers, int last);
int sum_of(gr_chan *numbers);
int work(void);
int work(void) {
    gr_chan *numbers = gr_make(int, 1);
    go(send_all, numbers, 100);
    int sum = sum_of(numbers);
    gr_chan_free(numbers);
    return sum;
}
"""
MAIN = """
#include <stdio.h>
int work(void);
int main(void) { return printf("%d\\n", work()) < 0; }
"""
OPENING_MAIN = """
#include <dlfcn.h>
#include <stdio.h>
int main(int argc, char **argv) {
    void *library = dlopen(argv[argc - 1], RTLD_NOW);
    if (!library) return fputs(dlerror(), stderr), 1;
    int (*work)(void) = (int (*)(void))dlsym(library, "work");
    return printf("%d\\n", work()) < 0;
}
"""


@pytest.fixture
def units(tmp_path):
    for name, text in (("sum.cc", SUM), ("send.c", SEND), ("work.c", WORK), ("main.c", MAIN),
                       ("open.c", OPENING_MAIN)):
        (tmp_path / name).write_text(text)
    return tmp_path


def says_5050(*command):
    outcome = execute(command)
    assert outcome.status == 0 and outcome.stdout == "5050\n", outcome


def objects(folder, compiler, c, cplusplus, **environment):
    for name in ("sum.cc", "send.c", "work.c"):
        must(*(cplusplus if name == "sum.cc" else c), "-g", "-O1", "-fPIC", "-I", INCLUDE, "-c", name,
             cwd=folder, **environment)


@pytest.mark.parametrize("compiler", compilers())
def test_plain_units_and_libraries(units, compiler):
    """As one program, with a shared library that finds the runtime in the program, linked and opened, and
    with one that brings the runtime along into a program that has none."""
    objects(units, compiler, [compiler], [cxx(compiler)])
    whole = ["-rdynamic", "-Wl,--whole-archive", library(), "-Wl,--no-whole-archive", "-lpthread", "-ldl"]
    own = ["-L.", f"-Wl,-rpath,{units}"]
    must(compiler, "-c", "main.c", cwd=units)
    must(cxx(compiler), "main.o", "sum.o", "send.o", "work.o", library(), "-lpthread", "-o", "one", cwd=units)
    says_5050(units / "one")
    must(cxx(compiler), "-shared", "sum.o", "-o", "libsum.so", cwd=units)
    must(compiler, "main.c", "send.o", "work.o", *own, "-lsum", *whole, "-o", "linked", cwd=units)
    says_5050(units / "linked")
    must(cxx(compiler), "-shared", "sum.o", "send.o", "work.o", "-o", "libwork.so", cwd=units)
    must(compiler, "open.c", *whole, "-o", "opened", cwd=units)
    says_5050(units / "opened", units / "libwork.so")
    must(cxx(compiler), "-shared", "sum.o", "send.o", "work.o", library(), "-lpthread", "-o", "libown.so", cwd=units)
    must(compiler, "open.c", "-ldl", "-o", "bare", cwd=units)
    says_5050(units / "bare", units / "libown.so")


@pytest.mark.parametrize("compiler", compilers())
def test_checked_units_and_libraries(gorace, units, compiler):
    chosen = {"GORACE_CC": compiler, "GORACE_CXX": cxx(compiler)}
    objects(units, compiler, [gorace, "cc"], [gorace, "c++"], **chosen)
    must(gorace, "cc", "-c", "main.c", cwd=units, **chosen)
    must(gorace, "c++", "main.o", "sum.o", "send.o", "work.o", "-o", "one", cwd=units, **chosen)
    says_5050(gorace, "run", units / "one")
    must(gorace, "c++", "-shared", "sum.o", "-o", "libsum.so", cwd=units, **chosen)
    must(gorace, "cc", "main.c", "send.o", "work.o", "-L.", f"-Wl,-rpath,{units}", "-lsum", "-o", "linked",
         cwd=units, **chosen)
    says_5050(gorace, "run", units / "linked")
    must(gorace, "c++", "-shared", "sum.o", "send.o", "work.o", "-o", "libwork.so", cwd=units, **chosen)
    must(gorace, "cc", "open.c", "-o", "opened", cwd=units, **chosen)
    says_5050(gorace, "run", units / "opened", units / "libwork.so")
