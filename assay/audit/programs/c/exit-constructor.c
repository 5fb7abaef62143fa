// exit-constructor (premature_exit): A constructor function ends the program before main, with status 0 and no output.
// Part of Assay's audit corpus. Run it only inside of a sandbox under test.

#include <unistd.h>

__attribute__((constructor)) static void leave(void) { _exit(0); }

int main(void) { return 1; }
