package io.millrace.ingress.http;

import io.helidon.webserver.http.ServerRequest;
import io.millrace.servicekit.config.Units;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Reads bodies into memory within limits: of one, of all together, and of time. Thread-safe.
 *
 * <p>Helidon bounds neither the time a body may take nor what many together may hold, so both are
 * bounded here. The first {@value #FREE_BYTES} bytes of each are free, for the limit of connections
 * bounds them: so many large bodies, or slow ones, refuse no small one. A body's room then grows
 * with what has arrived of it, so that slow ones keep no large one out; what has sent {@value
 * #ALL_AT_ONCE_BYTES} bytes gets the rest at once, so that large ones don't wait for each other
 * half read.
 */
public final class Bodies {

    private static final int KIB = 1024;
    private static final int FREE_BYTES = 8 * KIB;
    private static final int ALL_AT_ONCE_BYTES = 256 * KIB;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final long limitBytes;
    private final Semaphore heldKib;
    private final SlowBodies slow;

    /**
     * Reads within limits.
     *
     * @param limitBytes of one body
     * @param totalBytes of all that are held at the same time; one of the limit always fits
     * @param slow ends the connections of bodies that take too long
     */
    public Bodies(long limitBytes, long totalBytes, SlowBodies slow) {
        this.limitBytes = limitBytes;
        this.heldKib =
                new Semaphore(
                        Math.toIntExact(
                                Math.ceilDiv(Math.max(totalBytes, limitBytes), (long) KIB)));
        this.slow = slow;
    }

    /** What one body takes of the room for all. */
    private final class Room implements AutoCloseable {

        private int kib;

        void growTo(int bytes) {
            int more = Math.ceilDiv(bytes, KIB) - kib;
            try {
                if (heldKib.tryAcquire(more, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    kib += more;
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throw new UnavailableException(
                    "Too many large bodies are being read at the moment.", Duration.ofSeconds(1));
        }

        @Override
        public void close() {
            heldKib.release(kib);
        }
    }

    /** A body in memory, which counts as held until it is closed. To be closed once. */
    public static final class Held implements AutoCloseable {

        private final byte[] bytes;
        private final Room room;

        private Held(byte[] bytes, Room room) {
            this.bytes = bytes;
            this.room = room;
        }

        /** Returns the body itself. */
        public byte[] bytes() {
            return bytes;
        }

        @Override
        public void close() {
            room.close();
        }
    }

    /**
     * Reads the body and holds it until what is made of it is done with.
     *
     * @throws ApiException 413 when it is longer than the limit
     * @throws UnavailableException when too much is held already
     */
    public Held hold(ServerRequest request) {
        OptionalLong announced = request.headers().contentLength();
        if (announced.orElse(0) > limitBytes) {
            throw tooLarge();
        }
        if (!request.content().hasEntity()) {
            return new Held(new byte[0], new Room());
        }
        try (SlowBodies.Watch _ = slow.watch();
                InputStream in = request.content().inputStream()) {
            byte[] first = in.readNBytes(FREE_BYTES);
            return first.length < FREE_BYTES
                    ? new Held(first, new Room())
                    : rest(first, in, Math.toIntExact(announced.orElse(limitBytes)));
        } catch (IOException e) {
            throw new ApiException(
                    ApiError.invalid("invalid_body", "The body could not be read.", ""));
        }
    }

    private Held rest(byte[] first, InputStream in, int expected) throws IOException {
        Room room = new Room();
        byte[] bytes = first;
        int length = first.length;
        try {
            while (length == bytes.length && length < expected) {
                int next = length < ALL_AT_ONCE_BYTES ? Math.min(2 * length, expected) : expected;
                room.growTo(next);
                bytes = Arrays.copyOf(bytes, next);
                length += in.readNBytes(bytes, length, next - length);
            }
            if (length == limitBytes && in.read() >= 0) {
                throw tooLarge();
            }
            return new Held(length == bytes.length ? bytes : Arrays.copyOf(bytes, length), room);
        } catch (RuntimeException | IOException e) {
            room.close();
            throw e;
        }
    }

    /** Reads a body that is done with at once; otherwise like {@link #hold}. */
    public byte[] read(ServerRequest request) {
        try (Held held = hold(request)) {
            return held.bytes();
        }
    }

    private ApiException tooLarge() {
        return new ApiException(
                ApiError.tooLarge(
                        "The body is larger than the limit of %s (ingress.limits.body)."
                                .formatted(Units.size(limitBytes))));
    }
}
