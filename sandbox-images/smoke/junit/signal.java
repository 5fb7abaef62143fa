import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void signal() throws Exception {
        new ProcessBuilder("sh", "-c", "kill -ABRT " + ProcessHandle.current().pid()).start().waitFor();
        Thread.sleep(10_000);
    }
}
