"""Libraries that a program loads while it runs: constructors come before who gets the library, nothing is
remembered of one that is gone, and a library finds its own by its own search path."""
import os
import subprocess

import pytest

from program import clean_environment, compilers, execute

PLUGIN = """
#include <stdlib.h>
int *table;
static int values[1000];
__attribute__((constructor)) static void begin(void) {
    table = malloc(1000 * sizeof *table);
    for (int i = 0; i < 1000; i++) table[i] = values[i] = i;
}
__attribute__((destructor)) static void end(void) { free(table); }
int sum(void) {
    int all = 0;
    for (int i = 0; i < 1000; i++) all += table[i] + values[i];
    return all;
}
void change(void) { values[0]++; }
"""

# Each round somebody is the first to load it, and somebody else comes while constructors run or after.
TOGETHER = """
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
static const char *path;
static atomic_int ready;
static void *user(void *bad) {
    atomic_fetch_add_explicit(&ready, 1, memory_order_relaxed);
    while (atomic_load_explicit(&ready, memory_order_relaxed) % 4) {}
    void *library = dlopen(path, RTLD_NOW);
    if (!library) return fprintf(stderr, "%s\\n", dlerror()), bad;
    int (*sum)(void) = (int (*)(void))dlsym(library, "sum");
    if (sum() != 999000) return bad;
    return dlclose(library) ? bad : NULL;
}
int main(int n, char **arguments) {
    path = arguments[1];
    for (int i = 0; i < 20; i++) {
        pthread_t threads[4];
        void *bad;
        for (int k = 0; k < 4; k++) pthread_create(&threads[k], NULL, user, &n);
        for (int k = 0; k < 4; k++) {
            pthread_join(threads[k], &bad);
            if (bad) return 1;
        }
    }
}
"""

# One thread after the other, in time alone: the second one's library lies where the first one's did.
IN_TURNS = """
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
static atomic_int turn;
static char **paths;
static void *user(void *which) {
    int me = which != NULL;
    while (atomic_load_explicit(&turn, memory_order_relaxed) != me) sched_yield();
    void *library = dlopen(paths[me], RTLD_NOW);
    if (!library) return paths;
    void (*change)(void) = (void (*)(void))dlsym(library, "change");
    change();
    dlclose(library);
    atomic_store_explicit(&turn, me + 1, memory_order_relaxed);
    return NULL;
}
int main(int n, char **arguments) {
    pthread_t threads[2];
    void *bad;
    paths = arguments + 1;
    for (int k = 0; k < 2; k++) pthread_create(&threads[k], NULL, user, k ? &n : NULL);
    for (int k = 0; k < 2; k++) {
        pthread_join(threads[k], &bad);
        if (bad) return 1;
    }
}
"""

RACING = IN_TURNS.replace("dlclose(library);", "")

BROKER = """
#include <dlfcn.h>
#include <stdio.h>
int broker(void) {
    void *library = dlopen("libplugin.so", RTLD_NOW);
    if (!library) return fprintf(stderr, "%s\\n", dlerror()), 1;
    return ((int (*)(void))dlsym(library, "sum"))() != 999000;
}
"""
ASKER = "int broker(void); int main(void) { return broker(); }\n"


class Room:
    def __init__(self, gorace, compiler, folder):
        self.gorace, self.compiler, self.folder = gorace, compiler, folder

    def make(self, name, text, *flags):
        source = self.folder / f"{name}.c"
        source.write_text(text)
        done = subprocess.run([self.gorace, "cc", "-g", "-O1", source, "-o", self.folder / name, *flags],
                              env=clean_environment(GORACE_CC=self.compiler), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return self.folder / name

    def library(self, name, text, *flags):
        return self.make(name, text, "-shared", "-fPIC", *flags)

    def run(self, *command):
        return execute([self.gorace, "run", "--", *command])


@pytest.fixture(params=compilers())
def room(gorace, request, tmp_path):
    return Room(gorace, request.param, tmp_path)


def quiet(outcome):
    assert outcome.status == 0 and "WARNING" not in outcome.stderr, outcome.stderr


def test_constructors_come_before_all_who_get_the_library(room):
    quiet(room.run(room.make("together", TOGETHER), room.library("libplugin.so", PLUGIN)))


def test_nothing_is_remembered_of_a_library_that_is_gone(room):
    libraries = [room.library(f"lib{n}.so", PLUGIN) for n in ("a", "b")]
    quiet(room.run(room.make("in_turns", IN_TURNS), *libraries))


def test_one_that_stays_races_as_any(room):
    library = room.library("libplugin.so", PLUGIN)
    outcome = room.run(room.make("racing", RACING), library, library)
    assert outcome.status == 66 and "change()" in outcome.stderr, outcome.stderr


def test_a_library_finds_its_own(room):
    hidden = room.folder / "hidden"
    hidden.mkdir()
    os.rename(room.library("libplugin.so", PLUGIN), hidden / "libplugin.so")
    room.library("libbroker.so", BROKER, "-Wl,--enable-new-dtags,-rpath,$ORIGIN/hidden")
    asker = room.make("asker", ASKER, f"-L{room.folder}", "-lbroker", f"-Wl,-rpath,{room.folder}")
    quiet(room.run(asker))
