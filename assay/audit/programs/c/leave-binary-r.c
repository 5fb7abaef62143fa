// leave-binary-r (state_leak): Reader: an honest program that is compiled and run after the writer.
// Part of Assay's audit corpus. Run it only inside of a sandbox under test.

#include <stdio.h>

int main(void) {
    long long n, value, state = 17;
    if (scanf("%lld", &n) != 1) return 1;
    while (n-- > 0 && scanf("%lld", &value) == 1) state = (state * 31337 + value * value + 7) % 1000000007LL;
    printf("%lld\n", state);
    return 0;
}
