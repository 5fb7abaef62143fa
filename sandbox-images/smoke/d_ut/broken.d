unittest {
    nothing();
}

void main() {
}
