package io.millrace.standalone.process;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder that the build packs: {@code lib} our jars, {@code registry} the schema registry,
 * {@code cache} what training runs wrote.
 */
public record Distribution(Path home) {

    /** The system property that names the folder; the launcher sets it. */
    public static final String PROPERTY = "millrace.home";

    public Distribution {
        if (!Files.isDirectory(home)) {
            throw new RefusedException("-D" + PROPERTY + ": no such folder " + home);
        }
        home = home.toAbsolutePath().normalize();
    }

    /** The one that this JVM was started from. */
    public static Distribution ofThisProcess() {
        String home = System.getProperty(PROPERTY);
        if (home == null) {
            throw new RefusedException(
                    "-D" + PROPERTY + " is not set; start millrace by its launcher");
        }
        return new Distribution(Path.of(home));
    }

    public Path registry() {
        return home.resolve("registry");
    }

    public Path cache() {
        return home.resolve("cache");
    }
}
