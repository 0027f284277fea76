package io.millrace.dispatcher.provider.http;

import io.millrace.dispatcher.provider.Remaining;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an answer's headers say is left of the provider's limits: OpenAI's {@code
 * x-ratelimit-remaining-requests} with {@code x-ratelimit-reset-requests: 6m0s}, and Anthropic's
 * {@code anthropic-ratelimit-requests-remaining} with a reset in RFC 3339.
 */
public final class RateHeaders {

    private static final Pattern COUNT = Pattern.compile("\\d{1,15}");
    private static final Pattern PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h|d)");
    private static final double NANOS = 1e9;

    private RateHeaders() {}

    /** Returns what is left; nothing when no header says. */
    public static Optional<Remaining> of(Exchange.Answered answer, Instant now) {
        OptionalLong requests = left(answer, "requests");
        OptionalLong tokens = left(answer, "tokens");
        return requests.isEmpty() && tokens.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        new Remaining(
                                requests,
                                reset(answer, "requests", now),
                                tokens,
                                reset(answer, "tokens", now)));
    }

    /** Returns how long to wait for a limit of which nothing is left, when there is one. */
    public static Optional<Duration> untilReset(Exchange.Answered answer, Instant now) {
        Instant requests =
                left(answer, "requests").orElse(1) == 0 ? reset(answer, "requests", now) : now;
        Instant tokens = left(answer, "tokens").orElse(1) == 0 ? reset(answer, "tokens", now) : now;
        Duration wait = Duration.between(now, tokens.isAfter(requests) ? tokens : requests);
        return Optional.of(wait)
                .filter(Duration::isPositive)
                .map(some -> some.compareTo(RetryAfter.LONGEST) > 0 ? RetryAfter.LONGEST : some);
    }

    private static OptionalLong left(Exchange.Answered answer, String what) {
        return answer.header("x-ratelimit-remaining-" + what)
                .or(() -> answer.header("anthropic-ratelimit-" + what + "-remaining"))
                .map(String::strip)
                .filter(text -> COUNT.matcher(text).matches())
                .map(text -> OptionalLong.of(Long.parseLong(text)))
                .orElse(OptionalLong.empty());
    }

    private static Instant reset(Exchange.Answered answer, String what, Instant now) {
        return answer.header("x-ratelimit-reset-" + what)
                .flatMap(RateHeaders::duration)
                .map(now::plus)
                .or(() ->
                        answer.header("anthropic-ratelimit-" + what + "-reset")
                                .flatMap(RateHeaders::date))
                .orElse(now);
    }

    private static Optional<Duration> duration(String text) {
        Matcher parts = PART.matcher(text.strip());
        double seconds = 0;
        int end = 0;
        while (parts.find() && parts.start() == end) {
            seconds += Double.parseDouble(parts.group(1)) * seconds(parts.group(2));
            end = parts.end();
        }
        boolean whole = end > 0 && end == text.strip().length();
        double most = RetryAfter.LONGEST.toSeconds();
        return whole
                ? Optional.of(Duration.ofNanos((long) (Math.min(seconds, most) * NANOS)))
                : Optional.empty();
    }

    private static double seconds(String unit) {
        return switch (unit) {
            case "ms" -> 0.001;
            case "m" -> 60;
            case "h" -> 3_600;
            case "d" -> 86_400;
            default -> 1;
        };
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(OffsetDateTime.parse(text.strip()).toInstant());
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
