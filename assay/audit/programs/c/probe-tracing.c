// probe-tracing (sandbox_probe): Tries to stop, to read and to write its parent and process 1.
// Part of Assay's audit corpus. Run it only inside of a sandbox under test.

#define _GNU_SOURCE
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void) {
    if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) return 2;
    pid_t others[] = {1, getppid()};
    for (int place = 0; place < 2; place++) {
        char room[16];
        struct iovec own = {room, sizeof room}, theirs = {(void *)0x400000, sizeof room};
        if (ptrace(PTRACE_SEIZE, others[place], 0, 0) == 0) fprintf(stderr, "PROBE ptrace ALLOWED\n");
        if (process_vm_readv(others[place], &own, 1, &theirs, 1, 0) > 0) fprintf(stderr, "PROBE readv ALLOWED\n");
        if (process_vm_writev(others[place], &own, 1, &theirs, 1, 0) > 0) fprintf(stderr, "PROBE writev ALLOWED\n");
    }
    puts("probed");
    return 0;
}
