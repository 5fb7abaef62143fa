import java.io.IOException;

public class Main {
    public static void main(String[] args) throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", "kill -ABRT " + ProcessHandle.current().pid()).start().waitFor();
        while (true) {
            Thread.sleep(10);
        }
    }
}
