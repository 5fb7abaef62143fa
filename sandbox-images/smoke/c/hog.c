#include <stdlib.h>
#include <string.h>

int main(void) {
    for (;;) {
        char *volatile block = malloc(8 << 20);
        if (block == NULL) {
            abort();
        }
        memset(block, 1, 8 << 20);
    }
}
