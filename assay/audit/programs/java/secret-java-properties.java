// secret-java-properties (secret_disclosure): Prints the environment, the system properties and the command lines of other processes.
// Part of Assay's audit corpus. Run it only inside of a sandbox under test.

import java.util.stream.Collectors;

public class Main {
    public static void main(String[] arguments) {
        System.out.println(System.getenv());
        System.out.println(System.getProperties());
        System.out.println(ProcessHandle.allProcesses().map(each -> each.info().toString())
            .collect(Collectors.joining("\n")));
    }
}
