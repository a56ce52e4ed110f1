"""The options: of the environment, of .gorace.conf, of the command line; and suppressions."""
import json
import os
import re
import subprocess
import time

import pytest

from program import ROOT, clean_environment, execute

HELP = ROOT / "tests/programs/tools"


@pytest.fixture(scope="module")
def race(build):
    return build(HELP / "two_races.c")


def in_folder(folder, command, **env):
    return execute(["sh", "-c", 'cd "$1" && shift && exec "$@"', "sh", folder, *command], **env)


def races(outcome):
    return len(re.findall("^WARNING: DATA RACE$", outcome.stderr + outcome.stdout, re.M))


def victims(outcome):
    return set(re.findall(r"global '(\w+)_victim'", outcome.stderr + outcome.stdout))


BOTH = {"first", "second"}


# --- values ---

@pytest.mark.parametrize("word,wants", [
    ("history_size=9", "a number from 0 to 7"), ("history_size=x", "a number from 0 to 7"),
    ("exitcode=256", "a number from 0 to 255"), ("exitcode=-1", "a number from 0 to 255"),
    ("exitcode=", "a number from 0 to 255"), ("exitcode", "a number from 0 to 255"),
    ("halt_on_error=2", "0 or 1"), ("halt_on_error=", "0 or 1"),
    ("atexit_sleep_ms=-5", "a number from 0 to 3600000"), ("atexit_sleep_ms=1s", "a number from 0 to 3600000"),
    ("log_path=" + 5000 * "x", "a shorter text")])
@pytest.mark.parametrize("variable", ["GORACE", "GORACE_OPTIONS"])
def test_bad_value_is_told_and_left_out(gorace, race, variable, word, wants):
    for command in ([race], [gorace, "run", "--", race]):
        outcome = execute(command, **{variable: word})
        key = word.split("=")[0]
        assert outcome.stderr.startswith(f"gorace: {variable}: {key} wants {wants}: '{word}' is left out\n"), outcome
        assert outcome.status == 66 and victims(outcome) == BOTH, outcome


@pytest.mark.parametrize("word", ["max_goroutines=many", "select_spin=1e3"])
def test_bad_value_of_ours(race, word):
    outcome = execute([race], GORACE_OPTIONS=word)
    assert f"wants a number from 0 to 1000000000: '{word}' is left out\n" in outcome.stderr and outcome.status == 66


def test_unknown_options(race, gorace):
    outcome = execute([race], GORACE="nonsense=1 halt_on_error=1")
    assert outcome.stderr.startswith("gorace: GORACE: there is no such option: 'nonsense=1' is left out\n"), outcome
    assert races(outcome) == 1
    assert "'max_goroutines=5' is left out" in execute([race], GORACE="max_goroutines=5").stderr  # Go has none
    assert "left out" not in execute([race], GORACE_OPTIONS="max_goroutines=5").stderr
    assert "left out" not in execute([race], TSAN_OPTIONS="second_deadlock_stack=1,report_bugs=1").stderr


def test_tools_without_a_program_complain_themselves(gorace, race, tmp_path):
    saved = tmp_path / "f.json"
    execute([gorace, "run", "--format=json", "-o", saved, "--", race])
    outcome = execute([gorace, "report", saved], GORACE="exitcode=x nonsense=1")
    assert outcome.status == 0 and races(outcome) >= 2, outcome
    assert outcome.stderr == ("gorace: GORACE: exitcode wants a number from 0 to 255: 'exitcode=x' is left out\n"
                              "gorace: GORACE: there is no such option: 'nonsense=1' is left out\n")


@pytest.mark.parametrize("size", range(8))
def test_history_size_changes_nothing(race, size):
    outcome = execute([race], GORACE=f"history_size={size}")
    assert outcome.status == 66 and victims(outcome) == BOTH and "failed to restore" not in outcome.stderr
    assert "left out" not in outcome.stderr


@pytest.mark.parametrize("value", ["1", "true", "yes"])
def test_halt_on_error(gorace, race, value):
    for command in ([race, 3], [gorace, "run", "--", race, 3]):
        outcome = execute(command, GORACE=f"halt_on_error={value}")
        assert outcome.status == 66 and races(outcome) == 1 and victims(outcome) == {"first"}
        assert "errors" not in outcome.stdout
    assert victims(execute([race], GORACE="halt_on_error=no")) == BOTH


def test_exitcode(gorace, race):
    assert execute([race, 3], GORACE="exitcode=9").status == 9
    assert execute([gorace, "run", "--", race, 3], GORACE="exitcode=9").status == 9
    assert execute([gorace, "run", "--exit-code=7", "--", race, 3], GORACE="exitcode=9").status == 7


def test_exitcode_0_is_the_programs_own(gorace, race):
    assert execute([race, 3], GORACE="exitcode=0").status == 3
    assert execute([gorace, "run", "--", race, 3], GORACE="exitcode=0").status == 3
    outcome = execute([gorace, "run", "--exit-code=0", "--", race, 3])
    assert outcome.status == 3 and victims(outcome) == BOTH


@pytest.mark.parametrize("value", ["", "x", "-1", "256", "6 6"])
def test_bad_exit_code_is_125(gorace, race, value):
    outcome = execute([gorace, "run", f"--exit-code={value}", "--", race])
    assert outcome.status == 125 and outcome.stdout == ""
    assert outcome.stderr == f"gorace: --exit-code wants a number from 0 to 255, not '{value}'\n"


def test_log_path(gorace, race, tmp_path):
    for number, command in enumerate(([race], [gorace, "run", "--", race])):
        outcome = execute(command, GORACE=f"log_path={tmp_path}/log{number}")
        assert outcome.status == 66 and races(outcome) == 0
        (log,) = tmp_path.glob(f"log{number}.*")
        assert re.fullmatch(rf"log{number}\.\d+", log.name) and "DATA RACE" in log.read_text()


def test_log_path_appends(build, tmp_path):
    """What stands in a file of that name stays: process ids come again."""
    binary = build(HELP / "two_races.c")
    script = f'echo before > "{tmp_path}/log.$$"; GORACE="log_path={tmp_path}/log" exec "{binary}"'
    assert execute(["sh", "-c", script]).status == 66
    (log,) = tmp_path.glob("log.*")
    assert log.read_text().startswith("before\n==================\nWARNING: DATA RACE\n")


@pytest.mark.parametrize("name,stream", [("stdout", "stdout"), ("stderr", "stderr"), ("", "stderr")])
def test_log_path_names(gorace, race, name, stream):
    for command in ([race], [gorace, "run", "--", race]):
        outcome = execute(command, GORACE=f"log_path={name}")
        assert outcome.status == 66 and "DATA RACE" in getattr(outcome, stream), outcome


def test_log_path_that_cannot_be_written(gorace, race, tmp_path):
    for command in ([race], [gorace, "run", "--", race]):
        outcome = execute(command, GORACE=f"log_path={tmp_path}/missing/log")
        assert outcome.status == 66 and victims(outcome) == BOTH
        assert re.search(r"^gorace: can't write \S+/missing/log\.\d+: No such file or directory: reports go to stderr$",
                         outcome.stderr, re.M), outcome


def test_strip_path_prefix(gorace, race):
    folder = f"{ROOT}/tests/"
    for command in ([race], [gorace, "run", "--", race]):
        outcome = execute(command, GORACE=f"strip_path_prefix={folder}")
        assert re.search(r"^      programs/tools/two_races\.c:\d+ \+0x", outcome.stderr, re.M), outcome
        assert re.search(r"^Location is .* at programs/tools/two_races\.c:\d+$", outcome.stderr, re.M), outcome
        assert f"{ROOT}/tests" not in outcome.stderr.replace(str(race), ""), outcome
    assert f"      {folder}programs" in execute([race], GORACE="strip_path_prefix=/elsewhere/").stderr


def test_atexit_sleep_ms(gorace, build):
    late = build(HELP / "late_race.c")
    for command in ([late, "late"], [gorace, "run", "--", late, "late"]):
        start = time.monotonic()
        outcome = execute(command, GORACE="atexit_sleep_ms=1500")
        assert outcome.status == 66 and races(outcome) and time.monotonic() - start >= 1.5, outcome
    start = time.monotonic()
    execute([late, "late"])
    assert time.monotonic() - start < 1.5


def test_help_lists_them(race):
    outcome = execute([race], GORACE_OPTIONS="help=1")
    for name in ("log_path", "exitcode", "suppressions", "select_spin"):
        assert f"\n  {name}=" in outcome.stderr


# --- who wins, and how they are written ---

def test_flag_beats_ours_beats_gos_beats_the_file_beats_tsans(gorace, race, tmp_path):
    command = [gorace, "run", "--", race]
    (tmp_path / ".gorace.conf").write_text("# options of this project\nexitcode=11   # not 66\n")
    assert in_folder(tmp_path, command).status == 11
    assert in_folder(tmp_path, [race]).status == 11
    assert in_folder(tmp_path, command, TSAN_OPTIONS="exitcode=10").status == 11
    assert in_folder(tmp_path, command, GORACE="exitcode=12").status == 12
    assert in_folder(tmp_path, [race], GORACE="exitcode=12", GORACE_OPTIONS="exitcode=13").status == 13
    assert in_folder(tmp_path, [gorace, "run", "--exit-code=14", "--", race], GORACE_OPTIONS="exitcode=13").status == 14
    assert execute(command, TSAN_OPTIONS="exitcode=10").status == 10
    assert execute([race], TSAN_OPTIONS="halt_on_error=1:exitcode=10").status == 10


def test_bad_words_of_the_file(race, tmp_path):
    (tmp_path / ".gorace.conf").write_text("exitcode=many\nnonsense\n")
    outcome = in_folder(tmp_path, [race])
    assert outcome.status == 66
    assert outcome.stderr.startswith("gorace: .gorace.conf: exitcode wants a number from 0 to 255: 'exitcode=many' is "
                                     "left out\ngorace: .gorace.conf: there is no such option: 'nonsense' is left out\n")


def test_quotes_hold_blanks(gorace, race, tmp_path):
    folder = tmp_path / "a b:c"
    folder.mkdir()
    for number, quote in enumerate("'\""):
        words = f"history_size=2 log_path={quote}{folder}/log{number}{quote}:exitcode=5"
        for command in ([race], [gorace, "run", "--", race]):
            assert execute(command, GORACE=words).status == 5
        assert len(list(folder.glob(f"log{number}.*"))) == 2


# --- the command line ---

def test_output_that_cannot_be_written_is_125_before_the_program_runs(gorace, race, tmp_path):
    outcome = execute([gorace, "run", "-o", tmp_path / "missing/out", "--", race])
    assert outcome.status == 125 and outcome.stdout == "" and "missing/out: No such file" in outcome.stderr
    assert len(outcome.stderr.splitlines()) == 1


def test_failure_leaves_the_output_alone(gorace, race, tmp_path):
    out = tmp_path / "out.txt"
    out.write_text("mine\n")
    (tmp_path / "bad.supp").write_text("nonsense\n")
    for option in (f"--suppressions={tmp_path}/bad.supp", f"--suppressions={tmp_path}/none", "--format=html6"):
        assert execute([gorace, "run", "-o", out, option, "--", race]).status == 125
        assert out.read_text() == "mine\n" and len(list(tmp_path.iterdir())) == 2
    assert execute([gorace, "run", "-o", out, "--", race]).status == 66
    assert "WARNING: DATA RACE" in out.read_text() and "mine" not in out.read_text()


def test_output_into_what_is_no_file(gorace, race, tmp_path):
    """It is not replaced: /dev/null stays what it is; a link stays a link."""
    pipe, target, link = tmp_path / "pipe", tmp_path / "target", tmp_path / "link"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE)
    assert execute([gorace, "run", "-o", pipe, "--", race]).status == 66
    assert b"WARNING: DATA RACE" in reader.communicate(timeout=30)[0] and pipe.is_fifo()
    target.write_text("old\n")
    link.symlink_to(target)
    assert execute([gorace, "run", "-o", link, "--", race]).status == 66
    assert link.is_symlink() and "WARNING: DATA RACE" in target.read_text()
    outcome = execute([gorace, "run", "-o", tmp_path, "--", race])
    assert outcome.status == 125 and "Is a directory" in outcome.stderr and outcome.stdout == ""
    if not os.access("/dev", os.W_OK):
        assert execute([gorace, "run", "-o", "/dev/null", "--", race]).status == 66


@pytest.mark.parametrize("option,says", [("--format=yaml", "unknown format 'yaml'"), ("--color=red", "not 'red'"),
                                         ("--fail-on=races", "'races'"), ("--exit-code", "needs an argument"),
                                         ("-o", "needs an argument"), ("--colour", "unknown option '--colour'")])
def test_bad_flags_are_125(gorace, race, option, says):
    outcome = execute([gorace, "run", option])
    assert outcome.status == 125 and says in outcome.stderr and len(outcome.stderr.splitlines()) == 1, outcome


def test_color_and_quiet(gorace, race, example):
    always, never = (execute([gorace, "run", f"--color={c}", "--", race]).stderr for c in ("always", "never"))
    assert "\x1b[1;31mWARNING: DATA RACE\x1b[0m\n" in always and "\x1b" not in never
    assert "\x1b" not in execute([gorace, "run", "--color=auto", "--", race]).stderr
    assert execute([gorace, "run", "-q", "--", example("worker_pool")]).stderr == ""
    assert "nothing found" in execute([gorace, "run", "--", example("worker_pool")]).stderr
    assert "data races" in execute([gorace, "run", "-q", "--", race]).stderr


# --- suppressions ---

def suppress(gorace, tmp_path, text, *command, **env):
    (tmp_path / "s.supp").write_text(text)
    return execute([gorace, "run", f"--suppressions={tmp_path}/s.supp", "--", *command], **env)


@pytest.mark.parametrize("rule,left", [
    ("race:first", {"second"}), ("race:^first$", {"second"}), ("race:first$", {"second"}), ("race:fir*t", {"second"}),
    ("race:^fir", {"second"}), ("race:^irst", BOTH), ("race:firs$", BOTH), ("race:*", set()),
    ("race:second_victim", {"first"}), ("race:two_races.c", set()), ("race:together_thread", set()),
    ("race:two_races*gcc", set()), ("race:first\nrace:second", set()), ("  race:first  \n# race:second\n\n", {"second"}),
    ("race_top:first", {"second"}), ("race_top:together_thread", BOTH), ("race_top:two_races.c", set()),
    ("called_from_lib:two_races", set()), ("called_from_lib:libz.so", BOTH), ("called_from_lib:first", BOTH),
    ("thread:first", BOTH), ("deadlock:first", BOTH), ("leak:first", BOTH), ("mutex:first", BOTH), ("signal:first", BOTH)])
def test_rules_of_races(gorace, race, tmp_path, rule, left):
    outcome = suppress(gorace, tmp_path, rule, race, 3)
    assert victims(outcome) == left, outcome
    assert outcome.status == (66 if left else 3)
    assert (" suppressed" in outcome.stderr) == (left != BOTH), outcome


@pytest.mark.parametrize("name,rules,status", [
    ("abba_locks", ["deadlock:transfer", "deadlock:abba_locks.c", "deadlock:*"], 2),
    ("parser_nil_channel", ["leak:parse*", "thread:main", "leak:parser_nil_channel.c"], 0),
    ("select_spin", ["misuse:select_spin.c", "mutex:main"], 0)])
def test_rules_of_the_rest(gorace, example, tmp_path, name, rules, status):
    plain = execute([gorace, "run", "--", example(name)])
    assert plain.status == 66
    for rule in rules:
        outcome = suppress(gorace, tmp_path, rule, example(name))
        assert outcome.status == status and "suppressed" in outcome.stderr, (rule, outcome, plain)
    assert suppress(gorace, tmp_path, "race:*", example(name)).status == 66


def test_suppressed_findings_do_not_count(gorace, race, tmp_path):
    """Not for halt_on_error, nor gr_race_errors, nor the exit status; with `gorace run` and without."""
    (tmp_path / "s.supp").write_text("race:first\n")
    words = f"suppressions={tmp_path}/s.supp halt_on_error=1"
    for variable in ("GORACE_OPTIONS", "TSAN_OPTIONS"):
        for command in ([race, 3], [gorace, "run", "--", race, 3]):
            outcome = execute(command, **{variable: words})
            assert victims(outcome) == {"second"} and outcome.status == 66, outcome
    (tmp_path / "s.supp").write_text("race:first\nrace:second")
    for command in ([race, 3], [gorace, "run", "--", race, 3]):
        outcome = execute(command, GORACE_OPTIONS=words)
        assert races(outcome) == 0 and outcome.status == 3 and outcome.stdout == "errors: 0\n", outcome


def test_flag_beats_suppressions_of_the_environment(gorace, race, tmp_path):
    (tmp_path / "other.supp").write_text("race:second\n")
    outcome = suppress(gorace, tmp_path, "race:first", race, GORACE_OPTIONS=f"suppressions={tmp_path}/other.supp")
    assert victims(outcome) == {"second"}


def test_verbose_tells_what_each_left_out(gorace, race, tmp_path):
    (tmp_path / "s.supp").write_text("# known\nrace:first\nrace:third\n")
    outcome = execute([gorace, "run", "-v", f"--suppressions={tmp_path}/s.supp", "--", race])
    assert re.search(r"s\.supp:2: race:first left out \d+ findings?$", outcome.stderr, re.M), outcome
    assert re.search(r"s\.supp:3: race:third left out nothing$", outcome.stderr, re.M), outcome


@pytest.mark.parametrize("line", ["nonsense", "race:", "races:first", ":first", "race first"])
def test_bad_suppressions(gorace, race, tmp_path, line):
    outcome = suppress(gorace, tmp_path, f"race:first\n{line}\n", race)
    assert outcome.status == 125 and outcome.stdout == ""
    assert outcome.stderr == (f"gorace: {tmp_path}/s.supp:2: not a suppression: '{line}': write race:NAME, "
                              "deadlock:NAME, leak:NAME ...\n")
    outcome = execute([race], GORACE_OPTIONS=f"suppressions={tmp_path}/s.supp")  # then all is told
    assert outcome.status == 66 and victims(outcome) == BOTH and "s.supp:2: not a suppression" in outcome.stderr


def test_missing_suppressions(gorace, race, tmp_path):
    outcome = execute([gorace, "run", f"--suppressions={tmp_path}/none", "--", race])
    assert outcome.status == 125 and outcome.stdout == "" and "none: No such file or directory" in outcome.stderr


def test_report_and_analyze_take_suppressions(gorace, race, tmp_path):
    (tmp_path / "s.supp").write_text("race:first\n")
    saved, trace = tmp_path / "f.json", tmp_path / "t.gorace"
    execute([gorace, "run", "--format=json", "-o", saved, "--", race])
    execute([gorace, "record", "-o", trace, "--", race])
    for command in (["report", saved], ["analyze", trace]):
        outcome = execute([gorace, command[0], f"--suppressions={tmp_path}/s.supp", command[1]])
        assert victims(outcome) == {"second"}, outcome


# --- what the memory is, in the formats ---

@pytest.mark.parametrize("name", ["race_global_member", "race_global_lock", "race_thread_local", "race_mapped",
                                  "race_mapped_file", "race_use_after_free", "race_goroutine_stack"])
def test_saved_reports_say_the_same(gorace, build, tmp_path, name):
    saved = tmp_path / "f.json"
    binary = build(ROOT / f"tests/programs/memory/{name}.c")
    execute([gorace, "run", "--format=json", "-o", saved, "--", binary])
    location = json.loads(saved.read_text())["findings"][0]["location"]
    assert location["kind"] in ("global", "tls", "mapping", "heap", "stack")
    shown = execute([gorace, "report", saved])
    for pattern in re.findall(r"^// stderr: (\^Location.*)$", (ROOT / f"tests/programs/memory/{name}.c").read_text(), re.M):
        assert re.search(pattern, shown.stdout, re.M), shown


@pytest.mark.parametrize("name", ["race_global_member", "race_thread_local", "race_thread_local_of_main", "race_mapped",
                                  "race_use_after_free"])
def test_analysis_says_the_same(gorace, build, tmp_path, name):
    trace, source = tmp_path / "t.gorace", ROOT / f"tests/programs/memory/{name}.c"
    execute([gorace, "record", "-o", trace, "--", build(source)])
    analyzed = execute([gorace, "analyze", trace])
    for pattern in re.findall(r"^// stderr: (\^Location.*)$", source.read_text(), re.M):
        assert re.search(pattern, analyzed.stderr, re.M), analyzed


def test_fields_of_a_location(gorace, build, tmp_path):
    saved = tmp_path / "f.json"
    execute([gorace, "run", "--format=json", "-o", saved, "--", build(ROOT / "tests/programs/memory/race_global_lock.c")])
    location = json.loads(saved.read_text())["findings"][0]["location"]
    assert location["name"] == "account" and location["member"] == "account.lock" and location["type"] == "gr_mutex"
    assert location["line"] == 12 and location["file"].endswith("race_global_lock.c")


def test_program_without_symbols(gorace, race, tmp_path):
    stripped = tmp_path / "stripped"
    subprocess.run(["strip", "-o", stripped, race], check=True)
    outcome = execute([gorace, "run", "--", stripped])
    assert re.search(rf"^Location is global data of {stripped} \+0x[0-9a-f]+$", outcome.stderr, re.M), outcome


def test_thread_local_variable_of_a_loaded_library(gorace, tmp_path):
    (tmp_path / "lib.c").write_text("__thread long counter[4];\nlong *place(void) { return counter; }\n")
    (tmp_path / "main.c").write_text("""
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
static void *run(void *at) { ((long *)at)[2]++; return 0; }
int main(int argc, char **argv) {
    (void)argc;
    long *(*place)(void) = (long *(*)(void))dlsym(dlopen(argv[1], RTLD_NOW), "place");
    pthread_t a;
    pthread_create(&a, 0, run, place());
    long *mine = place();
    pthread_join(a, 0);
    pthread_create(&a, 0, run, mine);
    mine[2]++;
    return pthread_join(a, 0);
}
""")
    env = clean_environment(GORACE_CC="gcc")
    for command in (["-g", "-shared", "-fPIC", "lib.c", "-o", "lib.so"], ["-g", "main.c", "-o", "main"]):
        subprocess.run([gorace, "cc", *command], cwd=tmp_path, check=True, env=env)
    outcome = execute([gorace, "run", "--", tmp_path / "main", tmp_path / "lib.so"])
    assert outcome.status == 66 and ("'counter' of size 32 (counter[2]) of main thread" in outcome.stderr or
                                     "heap block of" in outcome.stderr), outcome


def test_both_macros_say_that_it_is_instrumented(gorace, tmp_path):
    (tmp_path / "m.c").write_text("#if defined(__SANITIZE_THREAD__)\nyes_macro\n#endif\n#if defined(__has_feature)\n"
                                  "#if __has_feature(thread_sanitizer)\nyes_feature\n#endif\n#endif\n")
    for compiler, word in (("gcc", "yes_macro"), ("clang-14", "yes_feature")):
        done = subprocess.run([gorace, "cc", "-E", tmp_path / "m.c"], capture_output=True, text=True,
                              env=clean_environment(GORACE_CC=compiler))
        if done.returncode == 0:
            assert word in done.stdout
