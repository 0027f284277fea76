package io.millrace.usageaggregator.query;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the next page begins, and where the last one ends: without the latter a question up to now
 * would never come to its end.
 */
record Page(Instant from, Instant end) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,11})-(\\d{1,11})");

    /** Returns the text that a client shows for it; opaque to the client. */
    String cursor() {
        String plain = "%d-%d".formatted(from.getEpochSecond(), end.getEpochSecond());
        return "page_"
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(plain.getBytes(StandardCharsets.UTF_8));
    }

    static Optional<Page> parse(String cursor) {
        if (!cursor.startsWith("page_")) {
            return Optional.empty();
        }
        try {
            byte[] plain = Base64.getUrlDecoder().decode(cursor.substring("page_".length()));
            Matcher matcher = FORM.matcher(new String(plain, StandardCharsets.UTF_8));
            return matcher.matches()
                    ? Optional.of(new Page(second(matcher.group(1)), second(matcher.group(2))))
                    : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Instant second(String digits) {
        return Instant.ofEpochSecond(Long.parseLong(digits));
    }
}
