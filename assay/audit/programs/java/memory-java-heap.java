// memory-java-heap (dos_memory): Memory within the heap and beside it, caught and asked for again.
// Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

public class Main {
    public static void main(String[] arguments) {
        List<Object> kept = new ArrayList<>();
        for (int round = 0; round < 60; round++) {
            try {
                kept.add(new byte[64 << 20]);
            } catch (OutOfMemoryError error) {
                kept.add(ByteBuffer.allocateDirect(32 << 20));
            }
        }
        System.out.println(kept.size());
    }
}
