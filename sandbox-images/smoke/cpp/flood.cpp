#include <iostream>
#include <string>

int main() {
    const std::string line(1000, 'x');
    for (;;) {
        std::cout << line << '\n';
    }
}
