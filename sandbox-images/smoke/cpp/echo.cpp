#include <bits/stdc++.h>
using namespace std;

int main() {
    if (cin.peek() != EOF) {
        cout << cin.rdbuf();
    }
}
