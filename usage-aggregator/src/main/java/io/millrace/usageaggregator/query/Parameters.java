package io.millrace.usageaggregator.query;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of a question as they came. Lists repeat a name, with or without {@code []} behind
 * it, as OpenAI's SDKs write them.
 */
final class Parameters {

    private static final int MAX_VALUES = 100;

    private final Map<String, List<String>> values;

    Parameters(Map<String, List<String>> raw) {
        Map<String, List<String>> plain = new LinkedHashMap<>();
        raw.forEach((name, found) ->
                plain.computeIfAbsent(plain(name), _ -> new ArrayList<>()).addAll(found));
        this.values = plain;
    }

    /** Refuses every name that is not among the known ones: a filter that is not seen is a lie. */
    void allow(Set<String> known) {
        for (String name : values.keySet()) {
            if (!known.contains(name)) {
                throw new BadParameterException(
                        name, "unknown_parameter", "is unknown; known are " + known);
            }
        }
    }

    Optional<String> one(String name) {
        List<String> found = all(name);
        if (found.size() > 1) {
            throw BadParameterException.invalid(name, "must be given once");
        }
        return found.stream().findFirst();
    }

    List<String> all(String name) {
        List<String> found = values.getOrDefault(name, List.of());
        if (found.size() > MAX_VALUES) {
            throw BadParameterException.invalid(
                    name, "must have at most %d values".formatted(MAX_VALUES));
        }
        return found;
    }

    Optional<Long> number(String name, long min, long max) {
        return one(name).map(text -> number(name, text, min, max));
    }

    private static long number(String name, String text, long min, long max) {
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException _) {
            // refused below
        }
        throw BadParameterException.invalid(
                name, "must be a whole number between %d and %d".formatted(min, max));
    }

    private static String plain(String name) {
        return name.endsWith("[]") ? name.substring(0, name.length() - 2) : name;
    }
}
