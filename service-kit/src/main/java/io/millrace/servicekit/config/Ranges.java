package io.millrace.servicekit.config;

import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;

/** Reads texts as values within a range; refusals say what the value must be. */
final class Ranges {

    private Ranges() {}

    static long number(String text, long min, long max) {
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "must be a whole number, but was '%s'".formatted(text), e);
        }
        return within(value, min, max, String.valueOf(min), String.valueOf(max), text);
    }

    static BigDecimal decimal(String text, String min, String max) {
        BigDecimal value;
        try {
            value = new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("must be a number, but was '%s'".formatted(text), e);
        }
        boolean within =
                value.compareTo(new BigDecimal(min)) >= 0
                        && value.compareTo(new BigDecimal(max)) <= 0;
        if (!within) {
            throw outside(min, max, text);
        }
        return value;
    }

    static boolean flag(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default ->
                    throw new IllegalArgumentException(
                            "must be true or false, but was '%s'".formatted(text));
        };
    }

    static Duration duration(String text, Duration min, Duration max) {
        long millis =
                within(
                        Units.duration(text).toMillis(),
                        min.toMillis(),
                        max.toMillis(),
                        Units.duration(min),
                        Units.duration(max),
                        text);
        return Duration.ofMillis(millis);
    }

    static long size(String text, long min, long max) {
        return within(Units.size(text), min, max, Units.size(min), Units.size(max), text);
    }

    static URI url(String text) {
        URI url;
        try {
            url = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be a URL, but was '%s'".formatted(text), e);
        }
        boolean usable =
                ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
                        && url.getHost() != null
                        && url.getQuery() == null
                        && url.getFragment() == null
                        && url.getUserInfo() == null;
        if (!usable) {
            // not shown: a URL with a user tends to have a password too
            throw new IllegalArgumentException(
                    "must be an http or https URL without user, query and fragment");
        }
        return url;
    }

    private static long within(
            long value, long min, long max, String minText, String maxText, String text) {
        if (value < min || value > max) {
            throw outside(minText, maxText, text);
        }
        return value;
    }

    private static IllegalArgumentException outside(String min, String max, String text) {
        return new IllegalArgumentException(
                "must be between %s and %s, but was %s".formatted(min, max, text));
    }
}
