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

    private static final String TRACE_FORM = "(?!0{32})[0-9a-f]{32}";
    private static final String SPAN_FORM = "(?!0{16})[0-9a-f]{16}";
    private static final String FLAGS_FORM = "[0-9a-f]{2}";
    private static final Pattern TRACE = Pattern.compile(TRACE_FORM);
    private static final Pattern SPAN = Pattern.compile(SPAN_FORM);
    private static final Pattern FLAGS = Pattern.compile(FLAGS_FORM);
    private static final Pattern FORM =
            Pattern.compile(
                    "(?<version>[0-9a-f]{2})-(?<trace>%s)-(?<span>%s)-(?<flags>%s)(?<more>-.*)?"
                            .formatted(TRACE_FORM, SPAN_FORM, FLAGS_FORM));

    public TraceParent {
        if (!TRACE.matcher(traceId).matches()) {
            throw new IllegalArgumentException("no trace id: '%s'".formatted(traceId));
        }
        if (!SPAN.matcher(spanId).matches()) {
            throw new IllegalArgumentException("no span id: '%s'".formatted(spanId));
        }
        if (!FLAGS.matcher(flags).matches()) {
            throw new IllegalArgumentException("no trace flags: '%s'".formatted(flags));
        }
    }

    /** Returns the position that a header tells, or none when it is no valid one. */
    public static Optional<TraceParent> parse(String header) {
        Matcher matcher = FORM.matcher(header.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String version = matcher.group("version");
        // only a version to come may have more than this one
        boolean valid =
                !version.equals("ff") && (matcher.group("more") == null || !version.equals("00"));
        return valid
                ? Optional.of(
                        new TraceParent(
                                matcher.group("trace"),
                                matcher.group("span"),
                                matcher.group("flags")))
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
