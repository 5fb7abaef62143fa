#include <gtest/gtest.h>

TEST(Smoke, Flood) {
    for (;;) {
        puts("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    }
}
