package io.millrace.ingress.batch;

/**
 * How large a batch may be.
 *
 * @param lines lines in its input file at most
 * @param lineBytes bytes in one line at most
 */
public record BatchLimits(int lines, int lineBytes) {

    private static final int MAX_LINES = 10_000_000;
    private static final int MAX_LINE_BYTES = 64 * 1024 * 1024;

    public BatchLimits {
        if (lines < 1 || lines > MAX_LINES) {
            throw new IllegalArgumentException(
                    "lines must be between 1 and %d, but were %d".formatted(MAX_LINES, lines));
        }
        if (lineBytes < 1 || lineBytes > MAX_LINE_BYTES) {
            throw new IllegalArgumentException(
                    "bytes of a line must be between 1 and %d, but were %d"
                            .formatted(MAX_LINE_BYTES, lineBytes));
        }
    }
}
