package io.millrace.dispatcher.provider.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Reads bodies up to a limit. */
final class BodyReader {

    private static final int FIRST = 4 * 1024;

    private BodyReader() {}

    /**
     * Returns the whole body.
     *
     * @throws TooLargeException when it is larger than the limit; no more than that was read
     */
    static Body whole(Wire.Reply reply, int limit, AnswerMemory.Lease memory) throws IOException {
        if (reply.length() > limit) {
            throw tooLarge(limit);
        }
        Body body = beginning(reply, limit, memory);
        if (body.isCut()) {
            throw tooLarge(limit);
        }
        return body;
    }

    /** A body, or the beginning of one. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Body(byte[] bytes, boolean isCut) {}

    /** Returns the body as far as it goes within the limit. */
    static Body beginning(Wire.Reply reply, int limit, AnswerMemory.Lease memory)
            throws IOException {
        long length = reply.length();
        int expected = (int) Math.min(length < 0 ? FIRST : length + 1, limit + 1L);
        memory.require(expected);
        byte[] bytes = new byte[Math.max(1, expected)];
        int size = 0;
        InputStream content = reply.body();
        while (size <= limit) {
            if (size == bytes.length) {
                int more = (int) Math.min(2L * size, limit + 1L);
                memory.require(more);
                bytes = Arrays.copyOf(bytes, more);
            }
            int read = content.read(bytes, size, bytes.length - size);
            if (read < 0) {
                return new Body(Arrays.copyOf(bytes, size), false);
            }
            size += read;
        }
        return new Body(Arrays.copyOf(bytes, limit), true);
    }

    private static TooLargeException tooLarge(int limit) {
        return new TooLargeException("the answer is larger than %d bytes".formatted(limit));
    }

    /** A body larger than allowed, or than there is memory for. */
    static final class TooLargeException extends IOException {

        private static final long serialVersionUID = 1L;

        TooLargeException(String why) {
            super(why);
        }
    }
}
