import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void crash() {
        assertEquals(3, 1 + 1);
    }
}
