import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void loop() {
        while (true) {
        }
    }
}
