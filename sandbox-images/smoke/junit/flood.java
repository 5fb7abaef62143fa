import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void flood() {
        while (true) {
            System.out.println("x".repeat(1000));
        }
    }
}
