import std.array;
import std.stdio;

void main() {
    for (;;) {
        writeln("x".replicate(1000));
    }
}
