// compile-constexpr (compile_bomb): A constant expression that never ends.
// Part of Assay's audit corpus. Run it only inside of a sandbox under test.

constexpr unsigned long work(unsigned long n) {
    unsigned long state = 1;
    while (state != n) state = state * 6364136223846793005UL + 1442695040888963407UL | 1;
    return state;
}

constexpr unsigned long answer = work(2);

int main() { return answer; }
