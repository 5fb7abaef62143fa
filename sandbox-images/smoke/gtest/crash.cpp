#include <gtest/gtest.h>

TEST(Smoke, Crash) { EXPECT_EQ(3, 1 + 1); }
