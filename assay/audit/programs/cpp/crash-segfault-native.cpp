// crash-segfault-native (crash): Throws out of a destructor while another exception unwinds, which ends the program.
// Part of Assay's audit corpus. Run it only inside of a sandbox under test.

#include <stdexcept>

struct Thrower {
    ~Thrower() noexcept(false) { throw std::runtime_error("again"); }
};

int main() {
    try {
        Thrower thrower;
        throw std::logic_error("once");
    } catch (...) {
        return 0;
    }
}
