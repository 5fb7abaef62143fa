unittest {
    assert(1 + 1 == 2);
}

void main() {
}
