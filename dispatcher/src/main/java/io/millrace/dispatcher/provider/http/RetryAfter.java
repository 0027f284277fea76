package io.millrace.dispatcher.provider.http;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.utils.DateUtils;

/**
 * When an answer says to come again: {@code retry-after-ms} (OpenAI, Azure), or {@code Retry-After}
 * in seconds or as a date in any form of RFC 9110.
 */
public final class RetryAfter {

    /** Nobody waits for longer on a provider's word. */
    public static final Duration LONGEST = Duration.ofMinutes(30);

    // As many digits as a header may have: a number beyond all sense still means a long wait.
    private static final Pattern NUMBER = Pattern.compile("\\d{1,64}(\\.\\d{1,9})?");

    // The one obsolete form that HttpClient's own reader does not take.
    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private RetryAfter() {}

    /** Returns how long to wait, at most {@link #LONGEST}; nothing when the answer does not say. */
    public static Optional<Duration> of(Exchange.Answered answer, Instant now) {
        return answer.header("retry-after-ms")
                .flatMap(text -> number(text, 1_000_000))
                .or(() -> answer.header("retry-after").flatMap(text -> seconds(text, now)))
                .map(wait -> wait.compareTo(LONGEST) > 0 ? LONGEST : wait);
    }

    private static Optional<Duration> seconds(String text, Instant now) {
        return number(text, 1_000_000_000).or(() -> date(text, now));
    }

    private static Optional<Duration> number(String text, long nanos) {
        String stripped = text.strip();
        if (!NUMBER.matcher(stripped).matches()) {
            return Optional.empty();
        }
        BigDecimal wait =
                new BigDecimal(stripped)
                        .multiply(BigDecimal.valueOf(nanos))
                        .min(BigDecimal.valueOf(LONGEST.toNanos()));
        return Optional.of(Duration.ofNanos(wait.longValue()));
    }

    private static Optional<Duration> date(String text, Instant now) {
        String stripped = text.strip();
        return Optional.ofNullable(DateUtils.parseStandardDate(stripped))
                .or(() -> asctime(stripped))
                .map(at -> Duration.between(now, at))
                .map(wait -> wait.isNegative() ? Duration.ZERO : wait);
    }

    private static Optional<Instant> asctime(String text) {
        try {
            return Optional.of(ASCTIME.parse(text, Instant::from));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
