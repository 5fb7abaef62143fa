#include <gtest/gtest.h>

TEST(Smoke, Signal) { abort(); }
