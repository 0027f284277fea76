package io.millrace.standalone.registry;

import java.nio.file.Path;

/** The registry's process did not do what it was started for; its log says why. */
public final class RegistryStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RegistryStartException(String what, Path log) {
        super(message(what, log));
    }

    RegistryStartException(String what, Path log, Throwable cause) {
        super(message(what, log), cause);
    }

    private static String message(String what, Path log) {
        return "the schema registry %s; see %s".formatted(what, log);
    }
}
