# ok-files-and-database (benign): Temporary files, folders, a rename and a database on disk.

import os
import sqlite3
import sys
import tempfile

_, *values = map(int, sys.stdin.read().split())
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "a")
    with sqlite3.connect(path) as database:
        database.execute("create table numbers (value)")
        database.executemany("insert into numbers values (?)", [(value,) for value in values])
        read = [value for (value,) in database.execute("select value from numbers order by rowid")]
    database.close()
    os.replace(path, "kept")
state = 17
for value in read:
    state = (state * 31337 + value * value + 7) % 1_000_000_007
print(state)
