package io.millrace.servicekit.config;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Environment variables as values of the configuration refer to them: {@code ${NAME}}. */
final class Variables {

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private Variables() {}

    /** Returns the name of the variable that the whole text refers to. */
    static Optional<String> whole(String text) {
        Matcher matcher = REFERENCE.matcher(text);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }

    /** Returns whether the text refers to a variable anywhere. */
    static boolean within(String text) {
        return REFERENCE.matcher(text).find();
    }

    /** Returns the text with each reference replaced by the variable's value. */
    static String expanded(String text, Map<String, String> environment) {
        return REFERENCE
                .matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(value(found.group(1), environment)));
    }

    /**
     * Returns the value of a variable.
     *
     * @throws IllegalArgumentException when it is not set
     */
    static String value(String name, Map<String, String> environment) {
        String value = environment.get(name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "environment variable %s is not set".formatted(name));
        }
        return value;
    }
}
