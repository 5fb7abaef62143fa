#include <bits/stdc++.h>
#include <print>

int main() {
    std::println("{}", "hello");
}
