package io.millrace.schemas.id;

/**
 * The partition of {@code jobs} and {@code results} that an id lives in; ids begin with it.
 *
 * @param number 0 to 1295, so that two digits of base 36 hold it
 */
public record ViewPartition(int number) {

    /** How many view partitions a cluster can have at most. */
    public static final int MAX_COUNT = 36 * 36;

    public ViewPartition {
        if (number < 0 || number >= MAX_COUNT) {
            throw new IllegalArgumentException(
                    "view partition must be between 0 and %d, but was %d"
                            .formatted(MAX_COUNT - 1, number));
        }
    }

    /** Returns the two lower-case digits of base 36 that stand for it in ids. */
    public String digits() {
        String digits = Integer.toString(number, 36);
        return digits.length() == 1 ? "0" + digits : digits;
    }

    static ViewPartition parse(String digits) {
        return new ViewPartition(Integer.parseInt(digits, 36));
    }
}
