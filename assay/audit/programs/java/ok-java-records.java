// ok-java-records (benign): Records, streams, threads, and a call of System.exit(0) at the end.

import java.util.Scanner;
import java.util.concurrent.Executors;

public class Main {
    record State(long number) {
        State next(long value) {
            return new State((number * 31337 + value * value + 7) % 1_000_000_007L);
        }
    }

    public static void main(String[] arguments) throws Exception {
        var input = new Scanner(System.in);
        int n = input.nextInt();
        var state = new State(17);
        for (int place = 0; place < n; place++) state = state.next(input.nextLong());
        var last = state;
        try (var threads = Executors.newFixedThreadPool(2)) {
            System.out.println(threads.submit(() -> last.number()).get());
        }
        System.exit(0);
    }
}
