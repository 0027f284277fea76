package io.millrace.standalone.command;

import io.millrace.servicekit.log.Logging;
import io.millrace.standalone.process.RefusedException;
import java.nio.file.Path;
import java.util.Optional;

/** Begins the log of a process; {@code MILLRACE_LOG=json} asks for JSON. */
final class LogForm {

    private static final String VARIABLE = "MILLRACE_LOG";

    private LogForm() {}

    /** Logs to standard error. */
    static void toStandardError() {
        Logging.configure(chosen(), Optional.empty());
    }

    /** Logs to a file. */
    static void toFile(Path file) {
        Logging.configure(chosen(), Optional.of(file));
    }

    private static Logging.Form chosen() {
        String word = System.getenv().getOrDefault(VARIABLE, "plain");
        return switch (word) {
            case "plain" -> Logging.Form.PLAIN;
            case "json" -> Logging.Form.JSON;
            default ->
                    throw new RefusedException(
                            "%s: must be plain or json, but was '%s'".formatted(VARIABLE, word));
        };
    }
}
