unittest {
    for (;;) {
    }
}

void main() {
}
