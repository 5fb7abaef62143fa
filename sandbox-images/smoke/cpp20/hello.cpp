#include <bits/stdc++.h>
using namespace std;

int main() {
    const string word = "olleh";
    for (char c : word | views::reverse) {
        cout << c;
    }
    cout << '\n';
}
