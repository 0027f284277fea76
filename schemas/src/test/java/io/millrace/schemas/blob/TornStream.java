package io.millrace.schemas.blob;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Breaks after a number of bytes. */
final class TornStream extends InputStream {

    private int left;

    TornStream(int bytes) {
        this.left = bytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) == 1 ? one[0] : -1;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (left == 0) {
            throw new IOException("torn");
        }
        int given = Math.min(left, length);
        Arrays.fill(into, from, from + given, (byte) 'x');
        left -= given;
        return given;
    }
}
