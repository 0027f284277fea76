package io.millrace.simulatedprovider.behaviour;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** How an error says when to come again: the forms of RFC 9110 and of the providers. */
public sealed interface RetryAfter {

    /** The forms of dates in RFC 9110, section 5.6.7: the one to send, and two obsolete ones. */
    enum DateForm {
        // RFC 1123 by hand: the JDK's own leaves out the leading zero of the day.
        IMF("EEE, dd MMM yyyy HH:mm:ss 'GMT'"),
        RFC850("EEEE, dd-MMM-yy HH:mm:ss 'GMT'"),
        ASCTIME("EEE MMM ppd HH:mm:ss yyyy");

        private final DateTimeFormatter format;

        DateForm(String pattern) {
            this.format =
                    DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
        }

        String text(Instant at) {
            return format.format(at);
        }
    }

    record Absent() implements RetryAfter {}

    record Seconds(long seconds) implements RetryAfter {}

    /** The header {@code retry-after-ms} of OpenAI and Azure. */
    record Millis(long millis) implements RetryAfter {}

    /** A point in time, which may be past, in one of the three forms that RFC 9110 has. */
    record Date(Duration ahead, DateForm form) implements RetryAfter {}

    /** A text sent as it is, right or wrong. */
    record Text(String text) implements RetryAfter {}

    default Map<String, String> headers(Instant now) {
        return switch (this) {
            case Absent() -> Map.of();
            case Seconds(long seconds) -> Map.of("retry-after", Long.toString(seconds));
            case Millis(long millis) -> Map.of("retry-after-ms", Long.toString(millis));
            case Date(Duration ahead, DateForm form) ->
                    Map.of("retry-after", form.text(now.plus(ahead)));
            case Text(String text) -> Map.of("retry-after", text);
        };
    }
}
