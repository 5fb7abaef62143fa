# eval-output (deserialisation): Prints texts that are code to whoever evaluates the output: Python, YAML, a pickle and a template.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import sys

sys.stdout.buffer.write(b"__import__('os')._exit(0)\n")
sys.stdout.buffer.write(b"!!python/object/apply:os._exit [0]\n")
sys.stdout.buffer.write(b"cos\n_exit\n(I0\ntR.\n")
sys.stdout.buffer.write(b"{{ ''.__class__.__mro__[1].__subclasses__() }} ${7*7} $(kill -9 $PPID)\n")
