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
 * bounds them: so many large bodies, or slow ones, refuse no small one.
 */
public final class Bodies {

    private static final int KIB = 1024;
    private static final int FREE_BYTES = 8 * KIB;
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
        this.heldKib = new Semaphore(kib(Math.max(totalBytes, limitBytes)));
        this.slow = slow;
    }

    /** A body in memory, which counts as held until it is closed. To be closed once. */
    public final class Held implements AutoCloseable {

        private final byte[] bytes;
        private final int kib;

        private Held(byte[] bytes, int kib) {
            this.bytes = bytes;
            this.kib = kib;
        }

        /** Returns the body itself. */
        public byte[] bytes() {
            return bytes;
        }

        @Override
        public void close() {
            heldKib.release(kib);
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
            return new Held(new byte[0], 0);
        }
        try (SlowBodies.Watch _ = slow.watch();
                InputStream in = request.content().inputStream()) {
            byte[] first = in.readNBytes(FREE_BYTES);
            return first.length < FREE_BYTES
                    ? new Held(first, 0)
                    : rest(first, in, announced.orElse(limitBytes));
        } catch (IOException e) {
            throw new ApiException(
                    ApiError.invalid("invalid_body", "The body could not be read.", ""));
        }
    }

    private Held rest(byte[] first, InputStream in, long expected) throws IOException {
        int kib = kib(expected);
        reserve(kib);
        try {
            byte[] rest = in.readNBytes(Math.toIntExact(limitBytes) + 1 - first.length);
            if (first.length + rest.length > limitBytes) {
                throw tooLarge();
            }
            byte[] whole = Arrays.copyOf(first, first.length + rest.length);
            System.arraycopy(rest, 0, whole, first.length, rest.length);
            return new Held(whole, kib);
        } catch (RuntimeException | IOException e) {
            heldKib.release(kib);
            throw e;
        }
    }

    /** Reads a body that is done with at once; otherwise like {@link #hold}. */
    public byte[] read(ServerRequest request) {
        try (Held held = hold(request)) {
            return held.bytes();
        }
    }

    private void reserve(int kib) {
        try {
            if (heldKib.tryAcquire(kib, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new UnavailableException(
                "Too many large bodies are being read at the moment.", Duration.ofSeconds(1));
    }

    private static int kib(long bytes) {
        return Math.toIntExact(Math.ceilDiv(bytes, (long) KIB));
    }

    private ApiException tooLarge() {
        return new ApiException(
                ApiError.tooLarge(
                        "The body is larger than the limit of %s (ingress.limits.body)."
                                .formatted(Units.size(limitBytes))));
    }
}
