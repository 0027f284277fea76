package io.millrace.servicekit.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
        Matcher variable = Variables.WHOLE.matcher(text);
        if (variable.matches()) {
            return new Environment(variable.group(1));
        }
        if (text.startsWith("file:")) {
            return new Content(Path.of(text.substring("file:".length())));
        }
        if (text.isBlank()) {
            throw new IllegalArgumentException("must not be empty");
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
                    case Environment(String name) -> {
                        String found = environment.get(name);
                        if (found == null) {
                            throw new IllegalArgumentException(
                                    "environment variable %s is not set".formatted(name));
                        }
                        yield found;
                    }
                    case Content(Path file) -> Variables.content(file);
                    case Literal(String text) -> text;
                };
        if (value.isBlank()) {
            throw new IllegalArgumentException("must not be empty");
        }
        return value;
    }

    /** How references are recognised. */
    final class Variables {

        static final Pattern WHOLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

        private Variables() {}

        private static String content(Path file) {
            try {
                return Files.readString(file).strip();
            } catch (IOException e) {
                throw new IllegalArgumentException("cannot read %s".formatted(file), e);
            }
        }
    }
}
