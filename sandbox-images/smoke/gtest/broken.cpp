#include <gtest/gtest.h>

TEST(Smoke, Broken) { EXPECT_EQ(nothing, 1); }
