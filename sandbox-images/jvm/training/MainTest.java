import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MainTest {
    private List<Integer> numbers;

    @BeforeEach
    void setUp() {
        numbers = List.of(1, 2);
    }

    @Test
    void passes() {
        assertEquals(2, numbers.size());
        assertTrue(numbers.contains(1));
        assertThrows(IndexOutOfBoundsException.class, () -> numbers.get(2));
    }

    @Test
    void fails() {
        assertEquals(3, numbers.size(), "training");
    }
}
