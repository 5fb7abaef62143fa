// ok-c-mapped (benign): Maps its input, closes what it does not need, and writes without the standard library's buffers.

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int main(void) {
    struct stat about;
    if (fstat(0, &about) != 0) return 1;
    char *text = mmap(NULL, about.st_size + 1, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0, 0);
    if (text == MAP_FAILED) return 2;
    char *rest = text;
    long long n = strtoll(rest, &rest, 10), state = 17;
    while (n-- > 0) {
        long long value = strtoll(rest, &rest, 10);
        state = (state * 31337 + value * value + 7) % 1000000007LL;
    }
    close(0);
    dprintf(1, "%lld\n", state);
    _exit(0);
}
