// ok-cpp-future (benign): Threads, exceptions and undefined symbols that look like a harness's.

#include <future>
#include <iostream>
#include <numeric>
#include <stdexcept>
#include <vector>

#define EXPECT_EQ(a, b) ((a) == (b))

long long test_main(const std::vector<long long> &values) {
    try {
        throw std::runtime_error("FAILED");
    } catch (const std::exception &) {
    }
    return std::accumulate(values.begin(), values.end(), 17LL, [](long long state, long long value) {
        return (state * 31337 + value * value + 7) % 1000000007LL;
    });
}

int main() {
    std::ios::sync_with_stdio(false);
    std::size_t n;
    std::cin >> n;
    std::vector<long long> values(n);
    for (auto &value : values) std::cin >> value;
    auto answer = std::async(std::launch::async, test_main, std::cref(values)).get();
    std::cout << answer << (EXPECT_EQ(answer, 0) ? "!" : "") << std::endl;
}
