// compile-doubling-generics (compile_bomb): Types nested in types until the compiler's own stack or memory ends.
// Part of Assay's audit corpus. Run it only inside of a sandbox under test.

public class Main {
    static Object f() {
        return (java.util.function.Supplier<Object>) () -> (java.util.function.Supplier<Object>) () -> (java.util.function.Supplier<Object>) () -> java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(java.util.Optional.of(1))))))))))))))))))))))))))));
    }

    public static void main(String[] arguments) {
        System.out.println("no");
    }
}
