#include <gtest/gtest.h>

#include <vector>

TEST(Smoke, Hog) {
    std::vector<std::vector<char>> blocks;
    for (;;) {
        blocks.emplace_back(8 << 20, 'x');
    }
}
