package assay.driver;

import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;

/** JSON values as what a method's parameters say, and what a method returned as JSON. */
final class AssayValues {
    private static final int MAX_DEPTH = 500;
    private static final int MAX_CHARACTERS = 1 << 24;
    /** For a parameter that is an interface, the first of these that fits. */
    private static final Class<?>[] COLLECTIONS = {
        ArrayList.class, LinkedHashSet.class, TreeSet.class, ArrayDeque.class, HashSet.class, PriorityQueue.class
    };
    private static final Class<?>[] MAPS = {LinkedHashMap.class, TreeMap.class, HashMap.class};

    private AssayValues() {}

    /** Throws IllegalArgumentException if an argument is not what its parameter is. */
    static Object[] arguments(Method method, List<?> given) throws ReflectiveOperationException {
        Type[] types = method.getGenericParameterTypes();
        Object[] arguments = new Object[types.length];
        for (int place = 0; place < types.length; place++) {
            arguments[place] = convert(given.get(place), types[place]);
        }
        return arguments;
    }

    private static IllegalArgumentException mismatch(Object value, Type type) {
        String kind = value == null ? "null" : value.getClass().getSimpleName();
        return new IllegalArgumentException("an argument (" + kind + ") is no " + type.getTypeName());
    }

    private static Object convert(Object value, Type type) throws ReflectiveOperationException {
        if (type instanceof Class<?>) {
            Class<?> plain = (Class<?>) type;
            return plain.isArray() ? toArray(value, plain.getComponentType()) : toClass(value, plain, new Type[0]);
        }
        if (type instanceof GenericArrayType) {
            return toArray(value, ((GenericArrayType) type).getGenericComponentType());
        }
        if (type instanceof ParameterizedType) {
            ParameterizedType generic = (ParameterizedType) type;
            return toClass(value, (Class<?>) generic.getRawType(), generic.getActualTypeArguments());
        }
        if (type instanceof WildcardType) {
            return convert(value, ((WildcardType) type).getUpperBounds()[0]);
        }
        Type bound = ((TypeVariable<?>) type).getBounds()[0];
        boolean isOwn = bound instanceof ParameterizedType; // such as T extends Comparable<T>
        return isOwn ? natural(value) : convert(value, bound);
    }

    private static Class<?> raw(Type type) {
        if (type instanceof Class<?>) {
            return (Class<?>) type;
        }
        if (type instanceof ParameterizedType) {
            return (Class<?>) ((ParameterizedType) type).getRawType();
        }
        if (type instanceof GenericArrayType) {
            return Array.newInstance(raw(((GenericArrayType) type).getGenericComponentType()), 0).getClass();
        }
        return Object.class;
    }

    private static Object toArray(Object value, Type component) throws ReflectiveOperationException {
        if (value == null) {
            return null;
        }
        if (!(value instanceof List<?>)) {
            if (component == char.class && value instanceof String) {
                return ((String) value).toCharArray();
            }
            throw mismatch(value, component);
        }
        List<?> values = (List<?>) value;
        Object array = Array.newInstance(raw(component), values.size());
        for (int place = 0; place < values.size(); place++) {
            Array.set(array, place, convert(values.get(place), component));
        }
        return array;
    }

    private static Object toClass(Object value, Class<?> type, Type[] parameters) throws ReflectiveOperationException {
        if (type == Optional.class) {
            return Optional.ofNullable(value == null ? null : convert(value, parameters[0]));
        }
        if (value == null) {
            if (type.isPrimitive()) {
                throw mismatch(null, type);
            }
            return null;
        }
        if (value instanceof List<?> && type != Object.class) {
            return toCollection((List<?>) value, type, parameters.length == 1 ? parameters[0] : Object.class);
        }
        if (value instanceof Map<?, ?> && type != Object.class) {
            return toMap((Map<?, ?>) value, type, parameters);
        }
        Object made = toScalar(value, type);
        if (made == null) {
            throw mismatch(value, type);
        }
        return made;
    }

    private static Object toScalar(Object value, Class<?> type) {
        if (value instanceof String) {
            String text = (String) value;
            if (type == char.class || type == Character.class) {
                return text.length() == 1 ? (Object) text.charAt(0) : null;
            }
            return type == StringBuilder.class ? new StringBuilder(text) : type.isAssignableFrom(String.class) ? text : null;
        }
        if (value instanceof Boolean) {
            return type == boolean.class || type.isAssignableFrom(Boolean.class) ? value : null;
        }
        if (value instanceof Number) {
            return toNumber((Number) value, type);
        }
        return natural(value);
    }

    private static Object toNumber(Number value, Class<?> type) {
        if (type == Object.class || type == Number.class || type == Comparable.class) {
            return natural(value);
        }
        if (type == double.class || type == Double.class) {
            return value.doubleValue();
        }
        if (type == float.class || type == Float.class) {
            return value.floatValue();
        }
        if (type == BigDecimal.class) {
            return new BigDecimal(value.toString());
        }
        BigDecimal exact = new BigDecimal(value.toString());
        if (exact.stripTrailingZeros().scale() > 0) {
            return null;
        }
        return toWhole(exact.toBigInteger(), type);
    }

    private static Object toWhole(BigInteger value, Class<?> type) {
        int bits = value.bitLength();
        if (type == BigInteger.class) {
            return value;
        }
        if (type == long.class || type == Long.class) {
            return bits < 64 ? value.longValue() : null;
        }
        if (type == int.class || type == Integer.class) {
            return bits < 32 ? value.intValue() : null;
        }
        if (type == short.class || type == Short.class) {
            return bits < 16 ? value.shortValue() : null;
        }
        return (type == byte.class || type == Byte.class) && bits < 8 ? value.byteValue() : null;
    }

    /** What a value is where the program does not say: whole numbers are Integer where they fit. */
    private static Object natural(Object value) {
        if (value instanceof Long && ((Long) value).intValue() == (Long) value) {
            return ((Long) value).intValue();
        }
        if (value instanceof List<?>) {
            List<Object> values = new ArrayList<>();
            for (Object each : (List<?>) value) {
                values.add(natural(each));
            }
            return values;
        }
        if (value instanceof Map<?, ?>) {
            Map<Object, Object> values = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
                values.put(entry.getKey(), natural(entry.getValue()));
            }
            return values;
        }
        return value;
    }

    private static Object make(Class<?> type, Class<?>[] known, Object value) throws ReflectiveOperationException {
        for (Class<?> each : known) {
            if (type.isAssignableFrom(each)) {
                return each.getConstructor().newInstance();
            }
        }
        if (type.isInterface() || java.lang.reflect.Modifier.isAbstract(type.getModifiers())) {
            throw mismatch(value, type);
        }
        return type.getDeclaredConstructor().newInstance();
    }

    @SuppressWarnings("unchecked")
    private static Object toCollection(List<?> given, Class<?> type, Type element) throws ReflectiveOperationException {
        if (!Iterable.class.isAssignableFrom(type)) {
            throw mismatch(given, type);
        }
        Object made = make(type, COLLECTIONS, given);
        if (!(made instanceof Collection<?>)) {
            throw mismatch(given, type);
        }
        for (Object each : given) {
            ((Collection<Object>) made).add(convert(each, element));
        }
        return made;
    }

    @SuppressWarnings("unchecked")
    private static Object toMap(Map<?, ?> given, Class<?> type, Type[] parameters) throws ReflectiveOperationException {
        if (!Map.class.isAssignableFrom(type)) {
            throw mismatch(given, type);
        }
        Map<Object, Object> made = (Map<Object, Object>) make(type, MAPS, given);
        Type key = parameters.length == 2 ? parameters[0] : Object.class;
        Type value = parameters.length == 2 ? parameters[1] : Object.class;
        for (Map.Entry<?, ?> entry : given.entrySet()) {
            made.put(toKey((String) entry.getKey(), key), convert(entry.getValue(), value));
        }
        return made;
    }

    /** Keys are strings in JSON; those of a map of numbers are numerals. */
    private static Object toKey(String key, Type type) throws ReflectiveOperationException {
        Class<?> plain = raw(type);
        boolean isNumber = Number.class.isAssignableFrom(plain) && plain != Number.class;
        return convert(isNumber ? new AssayJson(key).read() : key, type);
    }

    /** Throws IllegalArgumentException if a value is no plain one. */
    static String spell(Object value) {
        StringBuilder out = new StringBuilder();
        spell(out, value, 0);
        return out.toString();
    }

    private static void spell(StringBuilder out, Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("the value is too deeply nested");
        }
        if (out.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException("the value is too large");
        }
        if (value == null) {
            out.append("null");
        } else if (value instanceof String || value instanceof Character || value instanceof StringBuilder) {
            spellText(out, value.toString());
        } else if (value instanceof Boolean) {
            out.append((boolean) (Boolean) value);
        } else if (value instanceof Number) {
            out.append(spellNumber((Number) value));
        } else if (value.getClass().isArray()) {
            spellArray(out, value, depth);
        } else if (value instanceof Collection<?>) {
            spellArray(out, ((Collection<?>) value).toArray(), depth);
        } else if (value instanceof Map<?, ?>) {
            spellMap(out, (Map<?, ?>) value, depth);
        } else if (value instanceof Map.Entry<?, ?>) {
            Map.Entry<?, ?> entry = (Map.Entry<?, ?>) value;
            spellArray(out, new Object[] {entry.getKey(), entry.getValue()}, depth);
        } else {
            spell(out, present(value), depth + 1);
        }
    }

    private static Object present(Object value) {
        if (value instanceof Optional<?>) {
            return ((Optional<?>) value).orElse(null);
        }
        if (value instanceof OptionalInt) {
            return ((OptionalInt) value).isPresent() ? ((OptionalInt) value).getAsInt() : null;
        }
        if (value instanceof OptionalLong) {
            return ((OptionalLong) value).isPresent() ? ((OptionalLong) value).getAsLong() : null;
        }
        if (value instanceof OptionalDouble) {
            return ((OptionalDouble) value).isPresent() ? ((OptionalDouble) value).getAsDouble() : null;
        }
        throw new IllegalArgumentException("an object of class " + value.getClass().getName() + " is no plain value");
    }

    private static String spellNumber(Number value) {
        if (value instanceof Double || value instanceof Float) {
            return Double.toString(value.doubleValue());
        }
        if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
            return Long.toString(value.longValue());
        }
        if (value.getClass() == BigInteger.class) {
            return value.toString();
        }
        if (value.getClass() == BigDecimal.class) {
            String digits = value.toString();
            return digits.indexOf('.') < 0 && digits.indexOf('E') < 0 ? digits + ".0" : digits;
        }
        throw new IllegalArgumentException("an object of class " + value.getClass().getName() + " is no plain value");
    }

    private static void spellArray(StringBuilder out, Object array, int depth) {
        int length = Array.getLength(array);
        out.append('[');
        for (int place = 0; place < length; place++) {
            if (place > 0) {
                out.append(',');
            }
            spell(out, Array.get(array, place), depth + 1);
        }
        out.append(']');
    }

    private static void spellMap(StringBuilder out, Map<?, ?> values, int depth) {
        out.append('{');
        boolean isFirst = true;
        for (Map.Entry<?, ?> entry : values.entrySet()) {
            if (!isFirst) {
                out.append(',');
            }
            isFirst = false;
            Object key = entry.getKey();
            boolean isNumeral = key instanceof Number || key instanceof Boolean;
            if (!isNumeral && !(key instanceof String) && !(key instanceof Character)) {
                throw new IllegalArgumentException("a key is no string");
            }
            spellText(out, isNumeral ? spell(key) : key.toString());
            out.append(':');
            spell(out, entry.getValue(), depth + 1);
        }
        out.append('}');
    }

    private static void spellText(StringBuilder out, String text) {
        out.append('"');
        for (int place = 0; place < text.length(); place++) {
            char character = text.charAt(place);
            if (character < ' ' || Character.isSurrogate(character)) {
                String digits = Integer.toHexString(character);
                out.append("\\u").append("0000", digits.length(), 4).append(digits);
            } else {
                if (character == '"' || character == '\\') {
                    out.append('\\');
                }
                out.append(character);
            }
        }
        out.append('"');
    }
}
