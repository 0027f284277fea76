package io.millrace.servicekit.trace;

import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A position in a distributed trace, as W3C Trace Context (Level 1) writes it.
 *
 * @param traceId 32 hexadecimal digits, not all zero
 * @param spanId 16 hexadecimal digits, not all zero
 * @param flags two hexadecimal digits; 01 means sampled
 */
public record TraceParent(String traceId, String spanId, String flags) {

    private static final Pattern FORM =
            Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");
    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_SPAN = "0".repeat(16);

    /** Returns the position that a header tells, or none when it is no valid one. */
    public static Optional<TraceParent> parse(String header) {
        Matcher matcher = FORM.matcher(header.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        boolean valid =
                !matcher.group(1).equals("ff")
                        && !matcher.group(2).equals(NO_TRACE)
                        && !matcher.group(3).equals(NO_SPAN)
                        && (matcher.group(5) == null || !matcher.group(1).equals("00"));
        return valid
                ? Optional.of(new TraceParent(matcher.group(2), matcher.group(3), matcher.group(4)))
                : Optional.empty();
    }

    /** Returns the beginning of a new trace. */
    public static TraceParent start(RandomGenerator random) {
        return new TraceParent(digits(random, 16), digits(random, 8), "01");
    }

    /** Returns a new span of the same trace. */
    public TraceParent child(RandomGenerator random) {
        return new TraceParent(traceId, digits(random, 8), flags);
    }

    /** Returns the value of the header {@code traceparent}. */
    public String header() {
        return "00-%s-%s-%s".formatted(traceId, spanId, flags);
    }

    private static String digits(RandomGenerator random, int bytes) {
        byte[] drawn = new byte[bytes];
        random.nextBytes(drawn);
        drawn[0] |= 1; // never all zero
        return HexFormat.of().formatHex(drawn);
    }
}
