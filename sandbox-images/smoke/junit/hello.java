import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void hello() {
        assertEquals(2, 1 + 1);
    }
}
