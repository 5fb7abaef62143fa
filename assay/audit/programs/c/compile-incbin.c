// compile-incbin (compile_time_disclosure): The assembler is told to copy the compiler's surroundings into the program, which prints them.
// Part of Assay's audit corpus. Run it only inside of a sandbox under test.

#include <stdio.h>

asm(".section .rodata\n"
    "start: .incbin \"/proc/self/environ\"\n"
    ".byte 0\n.incbin \"/proc/1/environ\"\n"
    "stop: .byte 0\n.previous\n");
extern const char start[], stop[];

int main(void) {
    fwrite(start, 1, stop - start, stdout);
    return 0;
}
