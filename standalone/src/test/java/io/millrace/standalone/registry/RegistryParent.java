package io.millrace.standalone.registry;

import io.millrace.standalone.process.Distribution;
import java.nio.file.Path;

/** A process that has a registry as its child, says that child's pid, and waits to be killed. */
final class RegistryParent {

    private RegistryParent() {}

    public static void main(String[] args) throws InterruptedException {
        Path folder = Path.of(args[1]);
        RegistryConfig config =
                RegistryConfig.of(new Distribution(Path.of(args[0])), folder, folder, folder, 0);
        try (RegistryProcess registry = RegistryProcess.start(config)) {
            System.out.println(registry.process().pid());
            Thread.currentThread().join();
        }
    }
}
