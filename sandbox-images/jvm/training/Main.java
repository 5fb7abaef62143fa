import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.StreamTokenizer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.function.*;
import java.util.regex.*;
import java.util.stream.*;

/** Touches what short programs use, so that the archive holds it. */
public class Main {
    record Point(int x, int y) {}

    enum Colour { RED, GREEN }

    interface Shape { double area(); }

    public static void main(String[] args) throws IOException, InterruptedException, ExecutionException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(System.in));
        String line = reader.readLine();
        StringTokenizer tokens = new StringTokenizer(line == null ? "1 2" : line);
        long sum = 0;
        while (tokens.hasMoreTokens()) {
            sum += Long.parseLong(tokens.nextToken());
        }
        Scanner scanner = new Scanner("3 4.5 word\nrest of it\n");
        int number = scanner.nextInt();
        double real = scanner.nextDouble();
        String word = scanner.next() + scanner.nextLine() + scanner.nextLine();
        StreamTokenizer stream = new StreamTokenizer(new InputStreamReader(System.in));
        stream.nextToken();
        List<Integer> list = new ArrayList<>(Arrays.asList(3, 1, 2));
        Collections.sort(list, Comparator.reverseOrder());
        list.sort((a, b) -> Integer.compare(a, b));
        Map<String, Integer> counts = new HashMap<>();
        for (String key : "a b a".split(" ")) {
            counts.merge(key, 1, Integer::sum);
        }
        Map<Integer, List<Integer>> graph = new TreeMap<>();
        graph.computeIfAbsent(1, key -> new ArrayList<>()).add(2);
        Deque<Integer> queue = new ArrayDeque<>(list);
        PriorityQueue<int[]> heap = new PriorityQueue<>((a, b) -> a[0] - b[0]);
        heap.add(new int[] {2, 1});
        heap.poll();
        Set<Point> points = new HashSet<>(List.of(new Point(1, 2)));
        LinkedHashMap<Colour, Integer> colours = new LinkedHashMap<>();
        colours.put(Colour.RED, 1);
        new LinkedList<>(list).addFirst(1);
        new TreeSet<>(list).floor(2);
        new BitSet(10).set(3);
        new EnumMap<Colour, Integer>(Colour.class).put(Colour.GREEN, 2);
        String joined = list.stream().filter(x -> x > 1).map(String::valueOf).collect(Collectors.joining(","));
        int total = IntStream.rangeClosed(1, 10).map(x -> x * x).sum();
        Map<Boolean, List<Integer>> halves = Stream.of(1, 2, 3).collect(Collectors.partitioningBy(x -> x % 2 == 0));
        Map<Integer, Long> lengths = Arrays.stream(new String[] {"a", "bb"}).collect(Collectors.groupingBy(String::length, Collectors.counting()));
        int[] sorted = list.stream().mapToInt(Integer::intValue).sorted().toArray();
        Arrays.sort(sorted);
        Integer[] boxed = {2, 1};
        Arrays.sort(boxed, Collections.reverseOrder());
        BigInteger big = BigInteger.TWO.pow(100).mod(BigInteger.valueOf(97)).add(new BigInteger("12345678901234567890"));
        BigDecimal exact = new BigDecimal("1.25").multiply(BigDecimal.TEN);
        Matcher matcher = Pattern.compile("(\\d+)-(\\w+)").matcher("12-ab");
        boolean found = matcher.find();
        StringBuilder builder = new StringBuilder("abc").reverse().append(1).append('c').append(2.5).insert(0, "x");
        ExecutorService pool = Executors.newFixedThreadPool(2);
        Future<Integer> future = pool.submit(() -> 42);
        int answer = future.get();
        pool.shutdown();
        AtomicInteger atomic = new AtomicInteger();
        Thread thread = new Thread(() -> atomic.incrementAndGet());
        thread.start();
        thread.join();
        ConcurrentHashMap<String, Integer> shared = new ConcurrentHashMap<>(counts);
        Optional<Integer> most = list.stream().max(Integer::compare);
        Function<Integer, Integer> twice = x -> 2 * x;
        Shape shape = () -> 2.0;
        Object value = new Point(1, 2);
        String described = switch (value) {
            case Point(int x, int y) -> "point " + x + " " + y;
            default -> "other";
        };
        try {
            Object[] none = new Object[0];
            System.out.println(none[list.size()]);
        } catch (ArrayIndexOutOfBoundsException e) {
            System.err.println(e.getMessage());
        }
        try {
            throw new IllegalStateException("training");
        } catch (IllegalStateException e) {
            e.printStackTrace();
        }
        Random random = new Random(1);
        PrintWriter out = new PrintWriter(new BufferedWriter(new OutputStreamWriter(System.out)));
        out.println(sum + " " + number + " " + real + word + joined + total + halves + lengths + counts + graph + queue + points);
        out.printf("%d %.2f %s %5d %x%n", 1, 2.5, "s", 7, 255);
        out.flush();
        System.out.println(String.format("%s %s %s %s %s", big, exact, found, builder, answer) + atomic + shared + most.get());
        System.out.println(twice.apply(2) + shape.area() + described + random.nextInt(10) + Math.sqrt(2) + String.join("-", "a", "b"));
        System.out.println(Integer.toBinaryString(5) + "ab".repeat(2) + "a,b".replace(",", ";") + Arrays.toString(sorted) + Arrays.deepToString(new int[][] {{1}}));
        System.out.print(Character.isDigit('1'));
        System.out.println(Objects.hash(1, 2) + List.copyOf(list).hashCode() + LongStream.range(0, 3).boxed().toList().toString());
        if (args.length > 0) {
            throw new AssertionError("training");
        }
    }
}
