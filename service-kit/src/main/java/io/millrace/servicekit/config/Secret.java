package io.millrace.servicekit.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A secret, or where it is to be found. Its {@code toString} never shows the secret itself. */
public sealed interface Secret {

    /**
     * The value of an environment variable: {@code ${NAME}} in the file, {@code env:NAME}
     * elsewhere.
     */
    record Environment(String name) implements Secret {}

    /** The content of a file without white space around it, read anew each time it is asked for. */
    record Content(Path file) implements Secret {}

    /** A secret that stands in the configuration itself. */
    record Literal(String value) implements Secret {
        @Override
        public String toString() {
            return "Literal[***]";
        }
    }

    /** Reads what stands in the file: {@code ${NAME}}, {@code file:/path} or the secret itself. */
    static Secret literal(String text) {
        Optional<String> variable = Variables.whole(text);
        if (variable.isPresent()) {
            return new Environment(variable.get());
        }
        if (text.startsWith("file:")) {
            return new Content(Path.of(text.substring("file:".length())));
        }
        if (text.isBlank()) {
            throw new IllegalArgumentException("must not be empty");
        }
        if (Variables.within(text)) {
            throw new IllegalArgumentException(
                    "must be ${NAME} alone, file:/path or the secret itself");
        }
        return new Literal(text);
    }

    /**
     * Returns the secret.
     *
     * @throws IllegalArgumentException when it is not where it should be, or is empty
     */
    default String reveal(Map<String, String> environment) {
        String value =
                switch (this) {
                    case Environment(String name) -> Variables.value(name, environment);
                    case Content(Path file) -> content(file);
                    case Literal(String text) -> text;
                };
        if (value.isBlank()) {
            throw new IllegalArgumentException("must not be empty");
        }
        return value;
    }

    private static String content(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot read %s".formatted(file), e);
        }
    }
}
