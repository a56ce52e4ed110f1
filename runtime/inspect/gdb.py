"""Goroutines in gdb, of a live process and of a core:

    (gdb) source PREFIX/share/gorace/gorace-gdb.py
    (gdb) info goroutines
    (gdb) goroutine 7 bt
    (gdb) goroutine all bt 3

Layouts come from the program's debug information, never from here. A goroutine that does not run is
looked at through an unwinder: it lets frame 1 be where the goroutine left its stack, below the
thread's own frame 0. Nothing is written into the process, so a core will do.
"""
import re

import gdb
from gdb.unwinder import Unwinder, register_unwinder

RUNNABLE, WAITING = 2, 3     # enum gr__record_actor_state

# What gr__switch saves, in words from the stack pointer up, and how many those are (runtime/arch).
SAVED = {
    "i386:x86-64": (["rip", "rbp"], 2, "rsp"),
    "aarch64": ([f"x{n}" for n in range(19, 31)], 20, "sp"),
}


def static_symbol(name, fits):
    """The value of a static variable of libgorace; `fits` tells it from others of that name."""
    for symbol in gdb.lookup_static_symbols(name):
        if fits(symbol.type.strip_typedefs()):
            return symbol.value()
    raise gdb.GdbError("no goroutines: the program has no debug information of libgorace")


def is_slab_list(kind):
    if kind.code != gdb.TYPE_CODE_PTR or kind.target().strip_typedefs().code != gdb.TYPE_CODE_STRUCT:
        return False
    return "gs" in [field.name for field in kind.target().strip_typedefs().fields()]


def wait_words(number):
    """Those of dumps, which the program carries (raw.c)."""
    words = static_symbol("waits", lambda kind: kind.code == gdb.TYPE_CODE_ARRAY)
    low, high = words.type.range()
    return words[number].string() if low <= number <= high and int(words[number]) else "waiting"


def void_pointer():
    return gdb.lookup_type("void").pointer()


def threads_stacks():
    """[(thread, stack pointer)] of all threads."""
    here = gdb.selected_thread()
    found = []
    for thread in gdb.selected_inferior().threads():
        thread.switch()
        found.append((thread, int(gdb.newest_frame().read_register("sp"))))
    if here:
        here.switch()
    return found


class Goroutine:
    def __init__(self, g):
        self.g, self.head = g, g["head"]
        self.id = int(self.head["goid"])
        self.state = int(self.head["state"])
        self.low, self.high = int(self.head["stack_low"]), int(self.head["stack_high"])

    def thread(self, stacks):
        """The thread whose stack pointer is in this stack; None."""
        return next((t for t, sp in stacks if self.low <= sp < self.high), None)

    def registers(self):
        """{name: value} as gr__switch will find them; None while it runs or has not begun to wait."""
        sp = int(self.g["sp"])
        names, words, stack_pointer = SAVED[gdb.selected_frame().architecture().name()]
        if not self.low <= sp < self.high:
            return None
        word = gdb.lookup_type("unsigned long")
        base = gdb.Value(sp).cast(word.pointer())
        found = {name: int(base[i]) for i, name in enumerate(names)}
        found[stack_pointer] = sp + words * word.sizeof
        if "x30" in found:
            found["pc"] = found["x30"]
        return found

    def words(self):
        if self.state == WAITING:
            return wait_words(int(self.head["wait"]))
        return "runnable" if self.state == RUNNABLE else "running"

    def name(self):
        return self.head["name"].string(errors="replace")

    def place(self):
        """Where it waits in the program's code, or will begin."""
        pc = int(self.head["wait_pc"]) if self.state == WAITING else 0
        if not pc and int(self.g["fn"]) and self.state == RUNNABLE:
            return describe(int(self.g["fn"]))
        return describe(pc - 1) if pc else ""


def describe(pc):
    where = gdb.find_pc_line(pc)
    block, function = gdb.block_for_pc(pc) if where.symtab else None, None
    while block is not None and function is None:
        function, block = block.function, block.superblock
    text = f"{function.print_name}()" if function else f"{pc:#x}"
    return f"{text} at {where.symtab.filename}:{where.line}" if where.symtab else text


def place_of_thread(thread):
    """The innermost frame of the executable's own code that is not libgorace's."""
    here = gdb.selected_thread()
    thread.switch()
    frame, found = gdb.newest_frame(), ""
    while frame is not None and not found:
        where = frame.find_sal().symtab
        if where and where.objfile.filename == gdb.current_progspace().filename and \
                not (frame.name() or "gr_").startswith("gr_"):
            found = describe(frame.pc() - (frame.level() > 0))
        frame = frame.older()
    if here:
        here.switch()
    return found


def goroutines():
    found, slab = [], static_symbol("slabs", is_slab_list)
    while int(slab):
        for i in range(int(slab["used"])):
            if int(slab["gs"][i]["head"]["state"]):
                found.append(Goroutine(slab["gs"][i]))
        slab = slab["next"]
    return sorted(found, key=lambda g: g.id)


class FrameId:
    def __init__(self, sp, pc):
        self.sp, self.pc = gdb.Value(sp).cast(void_pointer()), gdb.Value(pc).cast(void_pointer())


class Parked(Unwinder):
    """While it has registers, they are those of the caller of frame 0."""

    def __init__(self):
        super().__init__("gorace-goroutine")
        self.registers = None

    def __call__(self, pending):
        if not self.registers or pending.level() != 0:
            return None
        sp, pc = int(pending.read_register("sp")), int(pending.read_register("pc"))
        unwound = pending.create_unwind_info(FrameId(sp, pc))
        for name, value in self.registers.items():
            kind = pending.read_register(name).type
            if kind.code == gdb.TYPE_CODE_PTR:
                unwound.add_saved_register(name, gdb.Value(value).cast(kind))
            else:
                unwound.add_saved_register(name, gdb.Value(value).cast(gdb.lookup_type("long")))
        return unwound

    def use(self, registers):
        self.registers = registers
        gdb.invalidate_cached_frames()


parked = Parked()
register_unwinder(None, parked, replace=True)


class InfoGoroutines(gdb.Command):
    """List goroutines: number, state or what it waits for, name, place in the program.
`*` marks the one that the selected thread runs."""

    def __init__(self):
        super().__init__("info goroutines", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        stacks = threads_stacks()
        here = gdb.selected_thread()
        for g in goroutines():
            thread = g.thread(stacks)
            mark = "*" if thread and here and thread.num == here.num else " "
            where = place_of_thread(thread) if thread else g.place()
            name = f" '{g.name()}'" if g.name() else ""
            print(f"{mark} {g.id:<6} {g.words():<24}{name} {where}".rstrip())


def without_frame_0(text):
    """Frame 0 is the thread's, which has nothing to do with it."""
    return re.sub(r"\A#0 .*?(?=^#1 |\Z)", "", text, flags=re.S | re.M)


def user_frame(wait_pc):
    """The frame that called into libgorace; the innermost if there is no such."""
    frame = innermost = gdb.newest_frame().older()
    while frame is not None and frame.pc() != wait_pc:
        frame = frame.older()
    return frame or innermost


def run_for(goroutine, command):
    thread = goroutine.thread(threads_stacks())
    here = gdb.selected_thread()
    registers = None if thread else goroutine.registers()
    if not thread and not registers:
        raise gdb.GdbError(f"goroutine {goroutine.id} has no stack to look at just now")
    if thread:
        thread.switch()
        gdb.execute(command)
    else:
        gdb.newest_frame().select()
        parked.use(registers)
        try:
            user_frame(int(goroutine.head["wait_pc"])).select()
            if re.match(r"(bt|backtrace|where)\b", command):
                command = re.sub(r"(?<=\s)\d+$", lambda n: str(int(n.group()) + 1), command)
                print(without_frame_0(gdb.execute(command, to_string=True)), end="")
            else:
                gdb.execute(command)
        finally:
            parked.use(None)
    if here:
        here.switch()
        gdb.newest_frame().select()


class GoroutineCommand(gdb.Command):
    """goroutine N COMMAND: run a command of gdb in the context of goroutine N, or of `all` of them.
Of one that waits the frames begin with number 1, and that which called
gorace is selected:
    goroutine 7 bt
    goroutine 7 info locals"""

    def __init__(self):
        super().__init__("goroutine", gdb.COMMAND_STACK, gdb.COMPLETE_NONE)

    def invoke(self, argument, from_tty):
        match = re.match(r"\s*(\d+|all)\s+(.+)", argument)
        if not match:
            raise gdb.GdbError("goroutine N COMMAND: a number from `info goroutines` and a command of gdb")
        which, command = match.groups()
        chosen = [g for g in goroutines() if which == "all" or g.id == int(which)]
        if not chosen:
            raise gdb.GdbError(f"there is no goroutine {which}")
        for g in chosen:
            if which == "all":
                print(f"\ngoroutine {g.id} [{g.words()}]:")
            try:
                run_for(g, command)
            except gdb.error as e:
                print(e)


InfoGoroutines()
GoroutineCommand()
