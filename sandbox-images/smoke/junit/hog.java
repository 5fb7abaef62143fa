import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MainTest {
    @Test
    void hog() {
        List<byte[]> blocks = new ArrayList<>();
        while (true) {
            blocks.add(new byte[8 << 20]);
        }
    }
}
