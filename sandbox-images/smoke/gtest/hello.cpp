#include <gtest/gtest.h>

TEST(Smoke, Hello) { EXPECT_EQ(2, 1 + 1); }
