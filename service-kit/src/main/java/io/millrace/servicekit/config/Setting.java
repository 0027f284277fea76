package io.millrace.servicekit.config;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One key of the configuration: how its text is read, its default, its range and what it is for.
 *
 * @param <T> type of the value
 * @param key name with dashes, as it stands in the file
 * @param doc what it is for, for the reference page
 * @param form what the text must look like, for the reference page, such as {@code duration}
 * @param defaultText default as it would stand in the file; empty when there is none
 * @param verbatim whether the parser is given the text as it stands in the file, references to the
 *     environment included: so a secret can be passed on without being revealed
 * @param parser reads the text; throws {@link IllegalArgumentException} that says what it must be
 */
public record Setting<T>(
        String key,
        String doc,
        String form,
        Optional<String> defaultText,
        boolean verbatim,
        Function<String, T> parser) {

    /** A setting whose parser is given the text with references to the environment replaced. */
    public Setting(
            String key,
            String doc,
            String form,
            Optional<String> defaultText,
            Function<String, T> parser) {
        this(key, doc, form, defaultText, false, parser);
    }

    /** A text. */
    public static Setting<String> text(String key, String doc) {
        return of(key, doc, "text", Function.identity());
    }

    /** One of several words. */
    public static Setting<String> word(String key, String doc, List<String> words) {
        return of(
                key,
                doc,
                String.join(" \\| ", words),
                text -> {
                    if (!words.contains(text)) {
                        throw new IllegalArgumentException(
                                "must be one of %s, but was '%s'".formatted(words, text));
                    }
                    return text;
                });
    }

    /** A whole number within a range, both ends included. */
    public static Setting<Long> number(String key, String doc, long min, long max) {
        return of(
                key,
                doc,
                "number, %d to %d".formatted(min, max),
                text -> Ranges.number(text, min, max));
    }

    /** A whole number within a range, both ends included, that fits an {@code int}. */
    public static Setting<Integer> integer(String key, String doc, int min, int max) {
        return of(
                key,
                doc,
                "number, %d to %d".formatted(min, max),
                text -> Math.toIntExact(Ranges.number(text, min, max)));
    }

    /** A decimal number within a range, both ends included. */
    public static Setting<BigDecimal> decimal(String key, String doc, String min, String max) {
        return of(
                key,
                doc,
                "decimal, %s to %s".formatted(min, max),
                text -> Ranges.decimal(text, min, max));
    }

    /** Yes or no. */
    public static Setting<Boolean> flag(String key, String doc) {
        return of(key, doc, "true \\| false", Ranges::flag);
    }

    /** A duration such as {@code 500ms}, {@code 5s}, {@code 10m}, {@code 24h} or {@code 30d}. */
    public static Setting<Duration> duration(String key, String doc, Duration min, Duration max) {
        return of(
                key,
                doc,
                "duration, %s to %s".formatted(Units.duration(min), Units.duration(max)),
                text -> Ranges.duration(text, min, max));
    }

    /** A size in bytes such as {@code 512KiB} or {@code 200MiB}. */
    public static Setting<Long> size(String key, String doc, long min, long max) {
        return of(
                key,
                doc,
                "size, %s to %s".formatted(Units.size(min), Units.size(max)),
                text -> Ranges.size(text, min, max));
    }

    /** An absolute http or https URL without query and fragment. */
    public static Setting<URI> url(String key, String doc) {
        return of(key, doc, "URL", Ranges::url);
    }

    /** A secret, or a reference to one. */
    public static Setting<Secret> secret(String key, String doc) {
        return new Setting<>(
                key,
                doc,
                "secret: `${NAME}`, `file:/path` or text",
                Optional.empty(),
                true,
                Secret::literal);
    }

    /** Returns the same setting with a default, written as it would stand in the file. */
    public Setting<T> withDefault(String text) {
        return new Setting<>(key, doc, form, Optional.of(text), verbatim, parser);
    }

    private static <T> Setting<T> of(
            String key, String doc, String form, Function<String, T> parser) {
        return new Setting<>(key, doc, form, Optional.empty(), parser);
    }
}
