"""Small programs whose every observable end has to be the same in a cell as under a bare interpreter."""

from typing import Final, NamedTuple

__all__ = ["ALIKE", "Small"]


class Small(NamedTuple):
    """A program and what it is given."""

    source: str | bytes
    stdin: str = ""
    args: tuple[str, ...] = ()


ALIKE: Final[dict[str, Small]] = {
    "the names of the module": Small("print(__name__, __file__[-7:], __spec__, __doc__, __package__, __cached__)"),
    "a docstring": Small('"""About."""\nprint(__doc__)'),
    "all global names": Small("print(sorted(globals()))"),
    "local names at module level": Small("x = 1\nprint(locals() is globals(), 'x' in vars())"),
    "the loader": Small("print(type(__loader__).__name__, __loader__.name, __loader__.path == __file__)"),
    "annotations": Small("x: int = 1\ny: 'str'\nprint(__annotations__)"),
    "type hints of a class in __main__": Small(
        "from __future__ import annotations\nimport typing\nclass A:\n    x: B\nclass B: pass\n"
        "print(typing.get_type_hints(A))"
    ),
    "arguments": Small("import sys; print(sys.argv)", args=("a", "-b", "")),
    "sys.path[0] and the working directory": Small("import os, sys; print(sys.path[0] == os.getcwd())"),
    "sys.flags": Small("import sys; print(sys.flags)"),
    "the recursion limit": Small("import sys; print(sys.getrecursionlimit(), sys.getswitchinterval())"),
    "importing itself": Small("import main\nprint(__name__)"),
    "the main module": Small("import sys; print(sys.modules['__main__'].__dict__ is globals())"),
    "input": Small("print(input(), input('? '))", "a\nb\n"),
    "input at the end": Small("input()\ninput()", "a\n"),
    "lines of standard input": Small("import sys\nfor line in sys.stdin: print(repr(line))", "a\r\nb\nc"),
    "bytes of standard input": Small("import sys; print(sys.stdin.buffer.read())", "aü\r\n"),
    "all of standard input at once": Small("import os; print(os.read(0, os.fstat(0).st_size))", "1 2\n" * 500),
    "open(0)": Small("print(open(0).read())", "a\n"),
    "/dev/stdin": Small("print(open('/dev/stdin').read())", "a\n"),
    "standard input, mapped": Small("import mmap; print(mmap.mmap(0, 0, prot=mmap.PROT_READ)[:])", "abc"),
    "seeking in standard input": Small(
        "import sys\nsys.stdin.read()\nsys.stdin.seek(0)\nprint(sys.stdin.read())",
        "ab",
    ),
    "kinds of the streams": Small(
        "import sys\nfor s in (sys.stdin, sys.stdout, sys.stderr):\n"
        "    print(s.name, s.encoding, s.errors, s.line_buffering, s.isatty(), s.fileno(), s.mode, s.newlines)"
    ),
    "a thread": Small(
        "import threading\nt = threading.Thread(target=print, args=('in',))\nt.start()\nt.join()\n"
        "print('out')"
    ),
    "a thread that is not joined": Small(
        "import threading, time\nthreading.Thread(target=lambda: (time.sleep(.05), print('late'))).start()\n"
        "print('main')"
    ),
    "a daemon thread": Small(
        "import threading, time\nthreading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n"
        "print(1)"
    ),
    "an exception in a thread": Small(
        "import threading\nt = threading.Thread(target=lambda: 1 / 0)\nt.start()\nt.join()\nprint(1)"
    ),
    "names of threads": Small(
        "import threading; print(threading.current_thread().name, threading.main_thread().is_alive())"
    ),
    "a pool of processes": Small(
        "import multiprocessing as m\ndef f(x): return x * x\nwith m.Pool(2) as p: print(p.map(f, range(5)))"
    ),
    "a pipe between processes": Small(
        "import multiprocessing as m\na, b = m.Pipe()\np = m.Process(target=lambda: b.send([1]))\np.start()\n"
        "print(a.recv())\np.join()"
    ),
    "a queue between processes": Small(
        "import multiprocessing as m\nq = m.Queue()\np = m.Process(target=q.put, args=(1,))\np.start()\n"
        "print(q.get())\np.join()"
    ),
    "spawned processes": Small(
        "import multiprocessing as m\ndef f(x): return -x\nif __name__ == '__main__':\n"
        "    with m.get_context('spawn').Pool(1) as p: print(p.map(f, [1, 2]))"
    ),
    "a process pool executor": Small(
        "from concurrent.futures import ProcessPoolExecutor as P\nif __name__ == '__main__':\n"
        "    with P(2) as p: print(list(p.map(abs, [-1, -2])))"
    ),
    "shared memory": Small(
        "from multiprocessing import shared_memory as s\nm = s.SharedMemory(create=True, size=9)\nm.buf[0] = 7\n"
        "print(m.buf[0])\nm.close()\nm.unlink()"
    ),
    "asyncio": Small(
        "import asyncio\nasync def f():\n    await asyncio.sleep(0.01)\n    return 1\nprint(asyncio.run(f()))"
    ),
    "asyncio with a subprocess": Small(
        "import asyncio\nasync def f():\n    p = await asyncio.create_subprocess_exec('echo', 'x', stdout=-1)\n"
        "    print(await p.communicate())\nasyncio.run(f())"
    ),
    "a shell": Small(
        "import subprocess; print(subprocess.run('echo $((1+2)); exit 3', shell=True, capture_output=True))"
    ),
    "a Python of its own": Small(
        "import subprocess, sys; print(subprocess.run([sys.executable, '-c', 'print(1)'], capture_output=True))"
    ),
    "os.system and os.popen": Small("import os; print(os.system('exit 2'), os.popen('echo a').read())"),
    "nowhere": Small(
        "import subprocess; print(subprocess.run(['echo'], stdout=subprocess.DEVNULL), open('/dev/null').read())"
    ),
    "fork": Small("import os\np = os.fork()\nif p == 0: os._exit(3)\nprint(os.waitpid(p, 0)[1])"),
    "print in a fork": Small(
        "import os\nprint('before')\nif os.fork() == 0: print('child')\nelse:\n    os.wait()\n"
        "    print('parent')"
    ),
    "deep recursion": Small(
        "import sys\nsys.setrecursionlimit(10**6)\ndef f(n): return 0 if n == 0 else 1 + f(n - 1)\n"
        "print(f(10**5))"
    ),
    "deep recursion through C": Small(
        "import functools, sys\nsys.setrecursionlimit(10**6)\n@functools.lru_cache(None)\n"
        "def f(n): return 0 if n == 0 else 1 + f(n - 1)\nprint(f(50_000))"
    ),
    "deep recursion in a thread": Small(
        "import sys, threading\nsys.setrecursionlimit(10**6)\nthreading.stack_size(128 << 20)\n"
        "def f(n): return 0 if n == 0 else 1 + f(n - 1)\n"
        "t = threading.Thread(target=lambda: print(f(50_000)))\nt.start()\nt.join()"
    ),
    "too deep recursion": Small("def f(): f()\ntry: f()\nexcept RecursionError as e: print(e)"),
    "sys.exit()": Small("import sys; sys.exit()"),
    "sys.exit(text)": Small("import sys; sys.exit('text')"),
    "sys.exit(None)": Small("import sys; sys.exit(None)"),
    "sys.exit(True)": Small("import sys; sys.exit(True)"),
    "sys.exit(-1)": Small("import sys; sys.exit(-1)"),
    "sys.exit(256)": Small("import sys; sys.exit(256)"),
    "sys.exit(2**70)": Small("import sys; sys.exit(2**70)"),
    "sys.exit(object)": Small("import sys; sys.exit([1])"),
    "sys.exit(a tuple)": Small("import sys; sys.exit((1, 2))"),
    "raise SystemExit": Small("raise SystemExit(4)"),
    "raise SystemExit, subclassed": Small("class E(SystemExit): pass\nraise E(4)"),
    "exit()": Small("exit(5)"),
    "quit()": Small("print(quit)\nquit()"),
    "exit in a function": Small("def f(): exit()\nprint(1)\nf()\nprint(2)"),
    "sys.exit in a thread": Small(
        "import sys, threading\nt = threading.Thread(target=sys.exit)\nt.start()\nt.join()\nprint(1)"
    ),
    "os._exit": Small("import os\nprint('lost')\nos._exit(3)"),
    "os._exit after a flush": Small("import os\nprint('kept', flush=True)\nos._exit(3)"),
    "atexit": Small(
        "import atexit\natexit.register(print, 'last')\natexit.register(print, 'first')\nprint('main')"
    ),
    "atexit after an exception": Small("import atexit\natexit.register(print, 'bye')\n1 / 0"),
    "atexit that raises": Small("import atexit\natexit.register(lambda: 1 / 0)\natexit.register(print, 'x')"),
    "atexit that exits": Small("import atexit, sys\natexit.register(lambda: sys.exit(7))\nprint('x')"),
    "an exception": Small("def f(x):\n    return 1 / x\n\nf(0)"),
    "an exception of its own": Small("class Mine(Exception):\n    def __str__(self): return 'text'\nraise Mine"),
    "an exception that cannot be shown": Small(
        "class Mine(Exception):\n    def __str__(self): return 1 / 0\nraise Mine"
    ),
    "a chained exception": Small("try: 1 / 0\nexcept Exception as e: raise ValueError('v') from e"),
    "an exception while handling one": Small("try: 1 / 0\nexcept Exception: {}['k']"),
    "a group of exceptions": Small("raise ExceptionGroup('g', [ValueError(1), TypeError(2)])"),
    "an exception with notes": Small("e = ValueError(1)\ne.add_note('note')\nraise e"),
    "an assertion": Small("assert 1 == 2, 'never'"),
    "GeneratorExit": Small("raise GeneratorExit"),
    "sys.excepthook": Small("import sys\nsys.excepthook = lambda *a: print('hooked', a[0].__name__)\n1 / 0"),
    "sys.excepthook that raises": Small(
        "import sys\ndef hook(*a): raise TypeError('hook')\nsys.excepthook = hook\n1 / 0"
    ),
    "traceback.print_exc": Small("import traceback\ntry: 1 / 0\nexcept Exception: traceback.print_exc()"),
    "inspect": Small("import inspect\ndef f(): pass\nprint(inspect.getsource(f))"),
    "a syntax error": Small("print(1)\nx = = 2\n"),
    "an indentation error": Small("if True:\nprint(1)"),
    "a tab error": Small("if True:\n        a = 1\n\tb = 2\n"),
    "an open bracket": Small("print((1)\n"),
    "source with umlauts": Small("gr\u00f6\u00dfe = '\u00e4\u2028'\nprint(gr\u00f6\u00dfe)"),
    "a byte order mark": Small(b"\xef\xbb\xbfprint('bom')"),
    "a coding cookie": Small(b"# -*- coding: latin-1 -*-\nprint('\xe4')"),
    "a coding cookie and an exception": Small(b"# -*- coding: latin-1 -*-\nraise ValueError('\xe4')"),
    "carriage returns": Small(b"x = '''a\r\nb'''\r\nprint(repr(x))\r\n1 / 0\r\n"),
    "old carriage returns": Small(b"x = 1\rprint(x)\r"),
    "an empty program": Small(""),
    "a comment alone": Small("# nothing"),
    "a future import": Small("from __future__ import annotations\ndef f(x: y): pass\nprint(f.__annotations__)"),
    "standard output closed": Small("import sys\nsys.stdout.close()\nprint(1)"),
    "standard output closed, quietly": Small("import sys\nprint(1)\nsys.stdout.close()"),
    "standard error closed": Small("import sys\nsys.stderr.close()\n1 / 0"),
    "standard output deleted": Small("import sys\nsys.stdout = None\nprint(1)"),
    "standard output replaced": Small(
        "import io, sys\nsys.stdout = io.StringIO()\nprint(1)\nsys.stderr.write(sys.stdout.getvalue())"
    ),
    "a broken pipe": Small(
        "import os, sys\nr, w = os.pipe()\nos.close(r)\ntry: os.write(w, b'x')\n"
        "except BrokenPipeError as e: print(e)"
    ),
    "a wrapper that is not flushed": Small("f = open(1, 'w', closefd=False)\nf.write('kept')"),
    "a file that is not closed": Small(
        "import os\nf = open('x', 'w')\nf.write('kept')\nif os.fork(): os.wait()\nelse: exit()\n"
    ),
    "sys.stdout.buffer": Small("import sys\nsys.stdout.buffer.write(b'\\xff\\n')\nprint('text')"),
    "reconfigured output": Small(
        "import sys\nsys.stdout.reconfigure(encoding='latin-1', errors='replace', newline='\\r\\n')\n"
        "print('\u00e4\u2028')"
    ),
    "a surrogate": Small("print('\\ud800')"),
    "a surrogate from input": Small("import sys; sys.stdout.write(ascii(input()))", "a\n"),
    "a surrogate on standard error": Small("import sys; print('\\ud800', file=sys.stderr)"),
    "pickling a class of __main__": Small(
        "import pickle\nclass A: x = 1\nprint(pickle.loads(pickle.dumps(A())).x, pickle.dumps(A))"
    ),
    "a data class": Small(
        "from dataclasses import dataclass\n@dataclass(order=True)\nclass A:\n    x: int\n"
        "print(A(1) < A(2), A(1))"
    ),
    "an enum and a named tuple": Small(
        "import enum, collections\nprint(enum.Enum('E', 'a b').a, collections.namedtuple('T', 'x')(1))"
    ),
    "relative files": Small("open('x', 'w').write('y')\nimport os\nprint(open('x').read(), sorted(os.listdir()))"),
    "temporary files": Small(
        "import os, tempfile\n"
        "with tempfile.NamedTemporaryFile() as f: print(os.path.exists(f.name), tempfile.gettempdir())"
    ),
    "a module of its own": Small(
        "open('mine.py', 'w').write('x = 1')\nimport mine\nprint(mine.x, mine.__file__[-7:])"
    ),
    "decimal": Small("import decimal; print(decimal.getcontext(), decimal.Decimal(1) / 3)"),
    "locale and time zone": Small(
        "import locale, time\n"
        "print(locale.getlocale(), time.tzname, time.localtime(0).tm_hour, locale.getpreferredencoding())"
    ),
    "hash of a text": Small("print(hash('text'), {'a', 'b', 'c', 'd'})"),
    "numpy": Small("import numpy as np; print(np.arange(6).reshape(2, 3).sum(axis=0), np.linalg.det(np.eye(2)))"),
    "sympy": Small("import sympy; x = sympy.symbols('x'); print(sympy.integrate(x**2, x))"),
    "the switch interval": Small("import sys; sys.setswitchinterval(1e-5); print(sys.getswitchinterval())"),
    "an alarm with a handler": Small(
        "import signal, time\ndef h(n, f): print('alarm', n)\nsignal.signal(signal.SIGALRM, h)\n"
        "signal.setitimer(signal.ITIMER_REAL, 0.02)\ntime.sleep(0.1)"
    ),
    "an alarm without a handler": Small(
        "import signal, time\nsignal.setitimer(signal.ITIMER_REAL, 0.02)\ntime.sleep(5)"
    ),
    "dispositions of signals": Small(
        "import signal\nprint([(s.name, str(signal.getsignal(s))) for s in signal.Signals])"
    ),
    "blocked signals": Small("import signal; print(signal.pthread_sigmask(signal.SIG_BLOCK, []))"),
    "warnings": Small(
        "import warnings\nwarnings.warn('careful')\ndef f(): warnings.warn('old', DeprecationWarning)\nf()"
    ),
    "a warning of the compiler": Small("x = 1\nprint(x is 1, '\\d')"),
    "faulthandler": Small("import faulthandler; print(faulthandler.is_enabled())"),
    "logging": Small("import logging\nlogging.warning('w')\nlogging.getLogger('x').error('e')"),
    "a generator finalised at the end": Small(
        "def g():\n    try: yield 1\n    finally: print('finally')\nx = g()\nnext(x)"
    ),
    "a destructor at the end": Small("class A:\n    def __del__(self): print('del')\na = A()"),
    "a destructor of a cycle": Small("class A:\n    def __del__(self): print('del')\na = A()\na.me = a"),
    "a destructor that raises": Small("class A:\n    def __del__(self): 1 / 0\na = A()\ndel a\nprint(1)"),
    "weak references at the end": Small(
        "import weakref\nclass A: pass\na = A()\nweakref.finalize(a, print, 'gone')"
    ),
    "collecting garbage": Small(
        "import gc\nprint(gc.isenabled(), gc.get_threshold(), gc.get_freeze_count() >= 0)\n"
        "print(gc.collect() >= 0)"
    ),
    "names of builtins": Small(
        "print(len(dir(__builtins__)), type(__builtins__).__name__, '_' in dir(__builtins__))"
    ),
    "the help site": Small("print(exit, copyright.__class__.__name__, license)"),
    "a breakpoint at the end of input": Small("breakpoint()\nprint(1)"),
    "evaluating": Small("print(eval('1 + 1', {}), [x for x in range(3)], (lambda: __name__)())"),
    "zip with strict": Small("list(zip([1], [], strict=True))"),
    "an import that fails": Small("import nothing_like_this"),
    "an attribute that is not there": Small("import math\nmath.sqroot"),
    "a name that is not there": Small("prin(1)"),
    "large integers": Small("print(10**5000)"),
    "umask": Small("import os; print(oct(os.umask(0)))"),
    "resource limits can be raised within bounds": Small(
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_STACK, (64 << 20, resource.getrlimit(resource.RLIMIT_STACK)[1]))\n"
        "print(1)"
    ),
    "terminal size": Small("import shutil; print(shutil.get_terminal_size())"),
    "the platform": Small(
        "import platform, sys; print(platform.python_version(), sys.byteorder, platform.machine())"
    ),
    "ctypes": Small("import ctypes; print(ctypes.CDLL(None).abs(-3))"),
    "sockets of the family unix": Small(
        "import socket\na, b = socket.socketpair()\na.send(b'x')\nprint(b.recv(9))"
    ),
    "select": Small(
        "import select, os\nr, w = os.pipe()\nos.write(w, b'x')\n"
        "print(select.select([r], [], [], 1)[0] == [r], hasattr(select, 'epoll'))"
    ),
    "sqlite": Small("import sqlite3\nc = sqlite3.connect(':memory:')\nprint(c.execute('select 1+1').fetchall())"),
    "a database in a file": Small(
        "import sqlite3\nc = sqlite3.connect('x.db')\nc.execute('create table t(x)')\nc.commit()\nprint(1)"
    ),
    "json and csv": Small(
        "import csv, json, io\nprint(json.dumps({'a': 1.5}), next(csv.reader(io.StringIO('a,b'))))"
    ),
    "compression": Small(
        "import bz2, gzip, lzma, zlib\n"
        "print(all(m.decompress(m.compress(b'x')) == b'x' for m in (bz2, gzip, lzma, zlib)))"
    ),
    "the ids of the user": Small("import pwd, os; print(type(pwd.getpwuid(os.getuid())).__name__)"),
    "processor time": Small("import time; print(0 < time.process_time() < 5, time.perf_counter() > 0)"),
    "runpy": Small(
        "import runpy\nopen('x.py', 'w').write('print(__name__)')\n"
        "runpy.run_path('x.py', run_name='__main__')"
    ),
    "a program that runs itself again": Small(
        "import subprocess, sys\nif len(sys.argv) == 1:\n"
        "    print(subprocess.run([sys.executable, sys.argv[0], 'again'], capture_output=True).stdout)\n"
        "else: print('again')"
    ),
    "standard input in a subprocess": Small("import subprocess; subprocess.run(['cat'])", "given\n"),
    "standard input read in part, then in a subprocess": Small(
        "import os, subprocess\nos.read(0, 2)\nsubprocess.run(['cat'])",
        "given\n",
    ),
    "output of a subprocess in order": Small(
        "import subprocess\nprint('a', flush=True)\nsubprocess.run(['echo', 'b'])\nprint('c')"
    ),
}  # fmt: skip
"""By what they show."""
