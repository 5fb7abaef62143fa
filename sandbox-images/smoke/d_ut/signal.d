import core.stdc.stdlib;

unittest {
    abort();
}

void main() {
}
