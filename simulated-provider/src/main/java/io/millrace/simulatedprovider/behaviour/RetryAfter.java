package io.millrace.simulatedprovider.behaviour;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** How an error says when to come again: the forms of RFC 9110 and of the providers. */
public sealed interface RetryAfter {

    // RFC 1123 by hand: the JDK's own leaves out the leading zero of the day, which RFC 9110
    // demands.
    DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    record Absent() implements RetryAfter {}

    record Seconds(long seconds) implements RetryAfter {}

    /** The header {@code retry-after-ms} of OpenAI and Azure. */
    record Millis(long millis) implements RetryAfter {}

    record Date(Duration ahead) implements RetryAfter {}

    /** A text that is none of the forms. */
    record Garbage() implements RetryAfter {}

    default Map<String, String> headers(Instant now) {
        return switch (this) {
            case Absent() -> Map.of();
            case Seconds(long seconds) -> Map.of("retry-after", Long.toString(seconds));
            case Millis(long millis) -> Map.of("retry-after-ms", Long.toString(millis));
            case Date(Duration ahead) -> Map.of("retry-after", HTTP_DATE.format(now.plus(ahead)));
            case Garbage() -> Map.of("retry-after", "soon");
        };
    }
}
