// time-spin (dos_time): Two threads that spin without a system call.
// Part of Assay's audit corpus. Run it only inside of a sandbox under test.

#include <atomic>
#include <thread>

int main() {
    std::atomic<unsigned long> number{0};
    std::thread other([&] { for (;;) number++; });
    for (;;) number++;
}
