package io.millrace.servicekit.lifecycle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The name that all starts on the same state directory share: who comes back after a kill -9 under
 * it takes its old place in a group at once, where a stranger would have to wait until the session
 * of the dead one has timed out.
 */
public final class InstanceName {

    private static final String FILE = "instance";

    private InstanceName() {}

    /**
     * Returns the name that the directory has, or gives it one.
     *
     * @param fresh a name that no other directory has
     * @throws UncheckedIOException when the directory cannot be read or written
     */
    public static String in(Path directory, String fresh) {
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
