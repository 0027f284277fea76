package io.millrace.ingress.batch;

import java.io.InputStream;
import java.util.Iterator;

/** Lines as a stream of bytes, each made only when it is read. Not thread-safe. */
final class LineStream extends InputStream {

    private final Iterator<byte[]> lines;
    private byte[] line = new byte[0];
    private int position;

    LineStream(Iterator<byte[]> lines) {
        this.lines = lines;
    }

    @Override
    public int read() {
        return fill() ? line[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, line.length - position);
        System.arraycopy(line, position, into, offset, count);
        position += count;
        return count;
    }

    private boolean fill() {
        while (position == line.length) {
            if (!lines.hasNext()) {
                return false;
            }
            line = lines.next();
            position = 0;
        }
        return true;
    }
}
