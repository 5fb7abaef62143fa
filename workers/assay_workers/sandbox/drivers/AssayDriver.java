// Calls one method of a Java program: `AssayDriver CLASS`; see assay_workers/sandbox/driving.py.
//
// In a package of its own, so that no class of the program stands for one of Java's here. Neither lambdas nor
// pattern switches: each would cost a call its first milliseconds.
package assay.driver;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

public final class AssayDriver {
    private static final int ANSWER = 3;
    private static final int CALL = 4;

    private AssayDriver() {}

    public static void main(String[] arguments) throws Exception {
        byte[] text = new FileInputStream(descriptor(CALL)).readAllBytes();
        FileOutputStream answers = new FileOutputStream(descriptor(ANSWER));
        List<?> call = (List<?>) new AssayJson(new String(text, StandardCharsets.UTF_8)).read();
        int status = 1;
        try {
            write(answers, answer(arguments[0], call));
            status = 0;
        } catch (InvocationTargetException error) {
            error.getCause().printStackTrace();
        } catch (Throwable error) {
            error.printStackTrace();
        }
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(status);
    }

    private static FileDescriptor descriptor(int number) throws ReflectiveOperationException {
        FileDescriptor descriptor = new FileDescriptor();
        Field field = FileDescriptor.class.getDeclaredField("fd");
        field.setAccessible(true);
        field.setInt(descriptor, number);
        return descriptor;
    }

    private static String answer(String entryClass, List<?> call) throws ReflectiveOperationException {
        List<?> given = (List<?>) call.get(2);
        Object inPlace = call.get(1);
        String[] path = ((String) call.get(0)).split("\\.");
        String name = path[path.length - 1];
        List<Class<?>> classes = path.length > 1 ? named(entryClass, path[0]) : candidates(entryClass);
        RuntimeException complaint = new IllegalArgumentException("there is no method " + call.get(0));
        for (Class<?> type : classes) {
            for (Method method : methods(type, name)) {
                if (method.getParameterCount() != given.size()) {
                    complaint = new IllegalArgumentException(name + " takes another number of arguments");
                    continue;
                }
                Object[] arguments;
                try {
                    arguments = AssayValues.arguments(method, given);
                } catch (IllegalArgumentException error) {
                    complaint = error;
                    continue;
                }
                Object returned = method.invoke(receiver(type, method), arguments);
                Object value = inPlace == null ? returned : arguments[((Number) inPlace).intValue()];
                try {
                    return "V" + AssayValues.spell(value);
                } catch (IllegalArgumentException error) {
                    return "U" + AssayValues.spell(error.getMessage());
                }
            }
        }
        throw complaint;
    }

    private static List<Class<?>> named(String entryClass, String name) throws ClassNotFoundException {
        List<Class<?>> found = new ArrayList<>();
        String prefix = entryClass.substring(0, entryClass.lastIndexOf('.') + 1);
        add(found, prefix + name);
        add(found, entryClass + "$" + name);
        return found;
    }

    private static List<Class<?>> candidates(String entryClass) throws ClassNotFoundException {
        List<Class<?>> found = new ArrayList<>();
        String prefix = entryClass.substring(0, entryClass.lastIndexOf('.') + 1);
        add(found, entryClass);
        add(found, prefix + "Solution");
        add(found, prefix + "Main");
        return found;
    }

    private static void add(List<Class<?>> found, String name) {
        try {
            found.add(Class.forName(name));
        } catch (ClassNotFoundException error) {
            return;
        }
    }

    private static List<Method> methods(Class<?> type, String name) {
        List<Method> found = new ArrayList<>();
        for (Class<?> each = type; each != null && each != Object.class; each = each.getSuperclass()) {
            for (Method method : each.getDeclaredMethods()) {
                if (method.getName().equals(name) && !method.isBridge()) {
                    method.setAccessible(true);
                    found.add(method);
                }
            }
        }
        return found;
    }

    private static Object receiver(Class<?> type, Method method) throws ReflectiveOperationException {
        if (Modifier.isStatic(method.getModifiers())) {
            return null;
        }
        boolean isInner = type.getEnclosingClass() != null && !Modifier.isStatic(type.getModifiers());
        Constructor<?> constructor =
                isInner ? type.getDeclaredConstructor(type.getEnclosingClass()) : type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return isInner ? constructor.newInstance(outer(type)) : constructor.newInstance();
    }

    private static Object outer(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getEnclosingClass().getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
    }

    private static void write(FileOutputStream answers, String answer) throws IOException {
        byte[] content = answer.getBytes(StandardCharsets.UTF_8);
        int size = content.length;
        byte[] frame = new byte[4 + size];
        for (int place = 0; place < 4; place++) {
            frame[place] = (byte) (size >> (24 - 8 * place));
        }
        System.arraycopy(content, 0, frame, 4, size);
        answers.write(frame);
    }
}
