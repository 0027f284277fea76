package io.millrace.usageaggregator;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The name that all starts on the same state directory share. */
final class InstanceName {

    private static final String FILE = "instance";

    private InstanceName() {}

    /**
     * Returns the name that the directory has, or gives it one.
     *
     * @param fresh a name that no other directory has
     * @throws UncheckedIOException when the directory cannot be read or written
     */
    static String in(Path directory, String fresh) {
        Path file = directory.resolve(FILE);
        try {
            Files.createDirectories(directory);
            if (Files.exists(file)) {
                String name = Files.readString(file).strip();
                if (!name.isEmpty()) {
                    return name;
                }
            }
            Path whole = Files.writeString(directory.resolve(FILE + ".new"), fresh);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
            return fresh;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
