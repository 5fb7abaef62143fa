#include <gtest/gtest.h>

TEST(Smoke, Loop) {
    for (volatile unsigned i = 0;; i = i + 1) {
    }
}
