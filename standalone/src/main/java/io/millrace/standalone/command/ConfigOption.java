package io.millrace.standalone.command;

import io.millrace.servicekit.config.ConfigFile;
import io.millrace.servicekit.config.Section;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --config FILE}, where it may be left out. */
final class ConfigOption {

    // picocli leaves it null when the flag is not given
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "millrace.yaml (default: built-in defaults).")
    private @Nullable Path file;

    /** Returns the root of the file, or of none. */
    Section root() {
        return Optional.ofNullable(file)
                .map(path -> ConfigFile.read(path, System.getenv()))
                .orElseGet(() -> ConfigFile.absent(System.getenv()));
    }
}
