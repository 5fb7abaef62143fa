package assay.driver;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the JSON of a call, which the judge wrote: Long, BigInteger, Double, String, Boolean, null, List and Map. */
final class AssayJson {
    private final String text;
    private int at;

    AssayJson(String text) {
        this.text = text;
    }

    Object read() {
        space();
        char first = text.charAt(at);
        if (first == '[') {
            return readList();
        }
        if (first == '{') {
            return readMap();
        }
        if (first == '"') {
            return readString();
        }
        if (first == 't' || first == 'f') {
            at += first == 't' ? 4 : 5;
            return first == 't';
        }
        if (first == 'n') {
            at += 4;
            return null;
        }
        return readNumber();
    }

    private void space() {
        while (text.charAt(at) == ' ') {
            at++;
        }
    }

    private boolean take(char token) {
        space();
        if (text.charAt(at) != token) {
            return false;
        }
        at++;
        return true;
    }

    private List<Object> readList() {
        List<Object> values = new ArrayList<>();
        at++;
        if (take(']')) {
            return values;
        }
        do {
            values.add(read());
        } while (take(','));
        at++;
        return values;
    }

    private Map<String, Object> readMap() {
        Map<String, Object> values = new LinkedHashMap<>();
        at++;
        if (take('}')) {
            return values;
        }
        do {
            space();
            String key = readString();
            take(':');
            values.put(key, read());
        } while (take(','));
        at++;
        return values;
    }

    private String readString() {
        StringBuilder read = new StringBuilder();
        for (at++; text.charAt(at) != '"'; at++) {
            char character = text.charAt(at);
            if (character == '\\') {
                character = unescape(text.charAt(++at));
            }
            read.append(character);
        }
        at++;
        return read.toString();
    }

    private char unescape(char escape) {
        switch (escape) {
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                at += 4;
                return (char) Integer.parseInt(text.substring(at - 3, at + 1), 16);
            default:
                return escape;
        }
    }

    private Object readNumber() {
        int begin = at;
        boolean isWhole = true;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
            isWhole &= ".eE".indexOf(text.charAt(at)) < 0;
            at++;
        }
        String numeral = text.substring(begin, at);
        if (!isWhole) {
            return Double.valueOf(numeral);
        }
        if (numeral.length() <= 18) {
            return Long.valueOf(numeral);
        }
        BigInteger value = new BigInteger(numeral);
        return value.bitLength() < 64 ? (Object) value.longValue() : value;
    }
}
