package io.millrace.ingress.batch;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a batch may take before it expires.
 *
 * @param text as the client wrote it, such as {@code 24h}
 * @param length 1 minute to 7 days
 */
record CompletionWindow(String text, Duration length) {

    private static final Duration MIN = Duration.ofMinutes(1);
    private static final Duration MAX = Duration.ofDays(7);
    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,8})([smh])");

    CompletionWindow {
        if (length.compareTo(MIN) < 0 || length.compareTo(MAX) > 0) {
            throw new IllegalArgumentException(
                    "completion window must be between 1m and 7d, but was " + length);
        }
    }

    /** Returns the window that the text means, or none when it is no duration or out of range. */
    static Optional<CompletionWindow> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long number = Long.parseLong(matcher.group(1));
        Duration length =
                switch (matcher.group(2).charAt(0)) {
                    case 's' -> Duration.ofSeconds(number);
                    case 'm' -> Duration.ofMinutes(number);
                    default -> Duration.ofHours(number);
                };
        boolean within = length.compareTo(MIN) >= 0 && length.compareTo(MAX) <= 0;
        return within ? Optional.of(new CompletionWindow(text, length)) : Optional.empty();
    }
}
