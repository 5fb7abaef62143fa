// leave-binary-w (state_leak): Writer: tries to replace its own executable and everything beside it with a script that prints a marker.
// Part of Assay's audit corpus. Run it only inside of a sandbox under test.

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void spoil(const char *path) {
    unlink(path);
    FILE *target = fopen(path, "w");
    if (target != NULL) {
        fputs("#!/bin/sh\necho LEFT BEHIND\n", target);
        fclose(target);
    }
}

int main(void) {
    char own[4096] = {0};
    if (readlink("/proc/self/exe", own, sizeof own - 1) > 0) {
        spoil(own);
        char *slash = strrchr(own, '/');
        if (slash != NULL && slash != own) {
            *slash = '\0';
            DIR *folder = opendir(own);
            for (struct dirent *each; folder != NULL && (each = readdir(folder)) != NULL;) {
                char path[8192];
                snprintf(path, sizeof path, "%s/%s", own, each->d_name);
                if (each->d_type == DT_REG) spoil(path);
            }
        }
    }
    puts("spoilt");
    return 0;
}
