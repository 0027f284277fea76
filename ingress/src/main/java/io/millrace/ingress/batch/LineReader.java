package io.millrace.ingress.batch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Reads an input file line by line, each with where it ends, so that reading can begin there again.
 * Holds one line at a time. Not thread-safe; the stream stays the caller's to close.
 */
final class LineReader {

    private static final int BUFFER_BYTES = 64 * 1024;

    private final InputStream in;
    private final int maxLineBytes;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int position;
    private int limit;
    private int number;
    private long end;

    private LineReader(InputStream in, int number, long end, int maxLineBytes) {
        this.in = in;
        this.number = number;
        this.end = end;
        this.maxLineBytes = maxLineBytes;
    }

    /** Reads a file from its beginning. */
    static LineReader atStart(InputStream in, int maxLineBytes) {
        return new LineReader(in, 0, 0, maxLineBytes);
    }

    /**
     * Reads on behind a line that was read before.
     *
     * @param number number of that line
     * @param end where it ended
     * @throws IOException when the file cannot be read or is shorter
     */
    static LineReader behind(InputStream in, int number, long end, int maxLineBytes)
            throws IOException {
        in.skipNBytes(end);
        return new LineReader(in, number, end, maxLineBytes);
    }

    /** Returns the next line, or none at the end of the file. */
    Optional<RawLine> next() throws IOException {
        line.reset();
        long length = 0;
        boolean broken = false;
        while (!broken && (position < limit || fill())) {
            int stop = indexOfBreak();
            int run = stop - position;
            if (length + run <= maxLineBytes) {
                line.write(buffer, position, run);
            }
            length += run;
            broken = stop < limit;
            position = broken ? stop + 1 : stop;
        }
        if (length == 0 && !broken) {
            return Optional.empty();
        }
        number++;
        end += length + (broken ? 1 : 0);
        return Optional.of(
                length > maxLineBytes
                        ? new RawLine.TooLong(number, end)
                        : new RawLine.Text(number, end, ByteBuffer.wrap(line.toByteArray())));
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }

    private int indexOfBreak() {
        int at = position;
        while (at < limit && buffer[at] != '\n') {
            at++;
        }
        return at;
    }
}
