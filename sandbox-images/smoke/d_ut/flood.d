import std.stdio;

unittest {
    for (;;) {
        writeln("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
    }
}

void main() {
}
