package io.millrace.simulatedprovider.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes that a client sends, buffered. Used by one thread. */
final class Inbound {

    private static final int BUFFER = 4 * 1024;
    private static final int LONGEST_LINE = 16 * 1024;

    private final InputStream in;
    private byte[] buffer = new byte[BUFFER];
    private int start;
    private int end;

    Inbound(InputStream in) {
        this.in = in;
    }

    boolean isEmpty() {
        return start == end;
    }

    /** Reads what there is, waiting for at least a byte; false at the end of the stream. */
    boolean fill() throws IOException {
        if (isEmpty()) {
            start = 0;
            end = 0;
        } else if (end == buffer.length) {
            makeRoom();
        }
        int read = in.read(buffer, end, buffer.length - end);
        end += Math.max(read, 0);
        return read > 0;
    }

    /** The next line, without its end. */
    String line() throws IOException {
        int scanned = 0;
        while (true) {
            for (int at = start + scanned; at < end; at++) {
                if (buffer[at] == '\n') {
                    return take(at);
                }
            }
            scanned = end - start;
            if (scanned > LONGEST_LINE) {
                throw new RefusedRequestException(431, "a line of the head is too long");
            }
            require(fill());
        }
    }

    /** The next bytes, exactly so many. */
    byte[] bytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        int buffered = Math.min(count, end - start);
        System.arraycopy(buffer, start, bytes, 0, buffered);
        start += buffered;
        require(in.readNBytes(bytes, buffered, count - buffered) == count - buffered);
        return bytes;
    }

    private String take(int lineFeed) {
        int length = lineFeed - start;
        if (length > 0 && buffer[lineFeed - 1] == '\r') {
            length--;
        }
        String line = new String(buffer, start, length, StandardCharsets.ISO_8859_1);
        start = lineFeed + 1;
        return line;
    }

    private void makeRoom() {
        if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        } else {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
    }

    private static void require(boolean more) throws EOFException {
        if (!more) {
            throw new EOFException("the client left in the midst of a request");
        }
    }
}
