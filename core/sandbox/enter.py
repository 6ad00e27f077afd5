"""Sets limits on its own process and then executes a program in its place (docs/security.md, Film files).

`core/sandbox/run.py` starts this file as a script in a fresh interpreter (`python -I -S`), because Python code may not
run between fork and exec in a process with threads. So the file imports nothing of the project, and little else: each
import delays every run. Any error ends the process before the program starts.

The limits: the program dies with the thread that started it, gains no privileges (no_new_privs), and has limits of
address space, processor time, file size, core dumps and open files, and a low priority. Landlock (Linux 5.13 and later)
restricts which files it opens, and from Linux 6.7 on TCP. A kernel without Landlock goes on without it.
"""

import ctypes
import errno
import fcntl
import os
import resource
import struct
import sys

FAILED = 125  # exit status if a limit cannot be set or the program cannot be executed
STARTED = b"started\n"  # written to the report pipe just before the program is executed
LINES_FD = 3  # the file descriptor to which the program may write lines of progress
DATA_FD = 4  # the file descriptor to which it may write a second output
MAX_FILES = 64  # open file descriptors
NICENESS = 10
# Shared libraries, and what the dynamic loader and the C library read at start.
LIBRARIES = ("/lib", "/lib32", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/local/lib", "/etc/ld.so.cache")
LIBC = ctypes.CDLL(None, use_errno=True)

# signal.h; the module `signal` takes 4 ms to import
SIGKILL, SIGPIPE, SIGXFSZ = 9, 13, 25
# linux/prctl.h
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
# linux/landlock.h; the numbers of its system calls are the same on every architecture
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
RULE_PATH_BENEATH = 1
EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << bit for bit in range(6))
MAKE_DIR, MAKE_REG, MAKE_SYM, REFER, TRUNCATE, IOCTL_DEV = (1 << bit for bit in (7, 8, 12, 13, 14, 15))
READ = READ_FILE | READ_DIR
WRITE = WRITE_FILE | TRUNCATE | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM | REFER
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV  # rights that a rule on a single file may have
TCP = 0b11  # bind and connect
SCOPES = 0b11  # abstract Unix sockets and signals of processes outside


def main(arguments: list[str]) -> None:
    """Set the limits and execute the program. Does not return.

    `arguments`: the parent's process id; the file descriptors of the report pipe, of the pipe for lines and of the pipe
    for data; the limits of address space (bytes), processor time (s) and file size (bytes); how many readable and
    writable paths follow; the paths; the program's absolute path and its arguments.
    """
    parent, report, lines, data, memory, seconds, size, readable, writable = map(int, arguments[:9])
    paths, command = arguments[9 : 9 + readable + writable], arguments[9 + readable + writable :]
    moved, *given = _moved_away(report, lines, data)
    try:
        for descriptor, number in zip(given, (LINES_FD, DATA_FD), strict=True):
            os.dup2(descriptor, number)
        _die_with(parent)
        _prctl(PR_SET_NO_NEW_PRIVS, 1)
        _landlock([*LIBRARIES], command[0], paths[:readable], paths[readable:])
        _limit(memory, seconds, size)
        os.write(moved, STARTED)
        os.execv(command[0], command)  # noqa: S606  # this is the purpose; no shell
    except Exception as error:  # noqa: BLE001  # whatever it is, the program must not start without its limits
        os.write(moved, f"{type(error).__name__}: {error}".encode("utf-8", "replace"))
    finally:
        os._exit(FAILED)


def landlock_version() -> int:
    """The version of Landlock's interface (ABI) in this kernel; 0 if it has none or it is turned off."""
    return max(0, _system_call(CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1)))


def _moved_away(*descriptors: int) -> list[int]:
    """Give open files numbers above DATA_FD, under which the program does not inherit them."""
    moved = [fcntl.fcntl(each, fcntl.F_DUPFD_CLOEXEC, DATA_FD + 1) for each in descriptors]
    for each in descriptors:
        os.close(each)
    return moved


def _die_with(parent: int) -> None:
    """Ask the kernel to kill this process when the thread that started it ends. Raises if that has happened already."""
    _prctl(PR_SET_PDEATHSIG, SIGKILL)
    if os.getppid() != parent:
        raise ProcessLookupError(errno.ESRCH, "the parent process has ended")


def _limit(memory: int, seconds: int, size: int) -> None:
    """Set the limits of the kernel's `setrlimit`, a low priority, and the default action of every signal."""
    limits = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_FSIZE: size,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: MAX_FILES,
        resource.RLIMIT_AS: memory,
    }
    for name, wanted in limits.items():
        _, hard = resource.getrlimit(name)
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)  # only root may raise a hard limit
        resource.setrlimit(name, (most, most))
    os.nice(NICENESS)
    for ignored in (SIGPIPE, SIGXFSZ):  # the interpreter ignores them, and the program would inherit that
        if LIBC.signal(ignored, None) == -1:  # None: SIG_DFL, the default action
            raise OSError(ctypes.get_errno(), f"signal {ignored}: {os.strerror(ctypes.get_errno())}")


def _landlock(libraries: list[str], program: str, readable: list[str], writable: list[str]) -> None:
    """Open files beneath these paths only, from now on; no TCP, and no signals to other processes where possible."""
    version = landlock_version()
    if version == 0:
        return
    files = (1 << {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)) - 1  # every right on files that this version has
    attributes = struct.pack("=QQQ", files, TCP if version >= 4 else 0, SCOPES if version >= 6 else 0)
    length = 8 if version < 4 else 16 if version < 6 else 24
    ruleset = _checked(CREATE_RULESET, attributes, ctypes.c_size_t(length), ctypes.c_uint32(0))
    for path in filter(os.path.exists, libraries):
        _allow(ruleset, path, files & (READ | EXECUTE))
    _allow(ruleset, program, READ_FILE | EXECUTE)
    _allow(ruleset, os.devnull, READ_FILE | WRITE_FILE)
    for path in readable:
        _allow(ruleset, path, files & READ)
    for path in writable:
        _allow(ruleset, path, files & (READ | WRITE))
    _checked(RESTRICT_SELF, ctypes.c_int(ruleset), ctypes.c_uint32(0))
    os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    """Add a rule: these rights on this file, or beneath this folder. Follows links. Raises OSError."""
    descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    if not os.path.isdir(path):  # noqa: PTH112  # pathlib takes 5 ms to import
        rights &= OF_FILES
    rule = struct.pack("=Qi", rights, descriptor)
    _checked(ADD_RULE, ctypes.c_int(ruleset), ctypes.c_int(RULE_PATH_BENEATH), rule, ctypes.c_uint32(0))
    os.close(descriptor)


def _prctl(option: int, value: int) -> None:
    if LIBC.prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)):
        raise OSError(ctypes.get_errno(), f"prctl {option}: {os.strerror(ctypes.get_errno())}")


def _checked(number: int, *arguments: object) -> int:
    """The result of a system call. Raises OSError."""
    result = _system_call(number, *arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), f"system call {number}: {os.strerror(ctypes.get_errno())}")
    return result


def _system_call(number: int, *arguments: object) -> int:
    return int(LIBC.syscall(ctypes.c_long(number), *arguments))


if __name__ == "__main__":
    main(sys.argv[1:])
