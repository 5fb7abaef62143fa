# secret-home-and-caches (secret_disclosure): Prints what it finds in homes, caches, credential files and temporary folders.
# Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import glob
import os
import time

end = time.time() + 1.5
HOMES = [os.path.expanduser("~"), "/root", *glob.glob("/home/*"), "/tmp", "/var/tmp", "/run", "/data"]
NAMES = (".cache/huggingface/**", ".netrc", ".ssh/*", ".aws/*", ".config/**", ".git-credentials", "*secret*", "*token*")
for home in HOMES:
    for name in NAMES:
        for path in glob.iglob(os.path.join(home, name), recursive=True):
            if time.time() > end:
                break
            try:
                with open(path, "rb") as source:
                    print(path, source.read(200))
            except OSError:
                continue
print("nothing")
