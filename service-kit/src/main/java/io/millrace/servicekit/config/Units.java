package io.millrace.servicekit.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as they are written in the configuration. */
public final class Units {

    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,15})([A-Za-z]+)");
    private static final Map<String, Long> MILLIS = millis();
    private static final Map<String, Long> BYTES = sizes();

    private Units() {}

    /**
     * Reads a duration such as {@code 500ms}, {@code 5s}, {@code 10m}, {@code 24h}, {@code 30d}.
     */
    public static Duration duration(String text) {
        return Duration.ofMillis(
                quantity(text, MILLIS, "a duration such as 500ms, 5s, 10m, 24h or 30d"));
    }

    /** Reads a size in bytes such as {@code 512KiB} or {@code 200MiB}. */
    public static long size(String text) {
        return quantity(text, BYTES, "a size such as 64B, 512KiB, 200MiB or 1GiB");
    }

    /** Writes a duration in its largest whole unit. */
    public static String duration(Duration duration) {
        return inLargestUnit(duration.toMillis(), MILLIS, "ms");
    }

    /** Writes a size in its largest whole unit. */
    public static String size(long bytes) {
        return inLargestUnit(bytes, BYTES, "B");
    }

    private static String inLargestUnit(long amount, Map<String, Long> units, String smallest) {
        for (Map.Entry<String, Long> unit : units.entrySet()) {
            if (amount != 0 && amount % unit.getValue() == 0) {
                return amount / unit.getValue() + unit.getKey();
            }
        }
        return amount + smallest;
    }

    private static long quantity(String text, Map<String, Long> units, String wanted) {
        Matcher matcher = QUANTITY.matcher(text);
        if (!matcher.matches() || !units.containsKey(matcher.group(2))) {
            throw new IllegalArgumentException("must be %s, but was '%s'".formatted(wanted, text));
        }
        try {
            return Math.multiplyExact(
                    Long.parseLong(matcher.group(1)), units.get(matcher.group(2)));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("is too large: '%s'".formatted(text), e);
        }
    }

    private static Map<String, Long> millis() {
        Map<String, Long> units = new LinkedHashMap<>();
        units.put("d", 86_400_000L);
        units.put("h", 3_600_000L);
        units.put("m", 60_000L);
        units.put("s", 1_000L);
        units.put("ms", 1L);
        return units;
    }

    private static Map<String, Long> sizes() {
        Map<String, Long> sizes = new LinkedHashMap<>();
        sizes.put("GiB", 1L << 30);
        sizes.put("MiB", 1L << 20);
        sizes.put("KiB", 1L << 10);
        sizes.put("B", 1L);
        return sizes;
    }
}
