package io.millrace.ingress.http;

import io.helidon.webserver.http.ServerRequest;
import io.millrace.servicekit.config.Units;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Reads bodies into memory within limits: of one, of all together, and of time. Thread-safe.
 *
 * <p>Helidon bounds neither the time a body may take nor what many together may hold, so both are
 * bounded here.
 */
public final class Bodies {

    private static final int KIB = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final long limitBytes;
    private final Semaphore heldKib;
    private final SlowBodies slow;

    /**
     * Reads within limits.
     *
     * @param limitBytes of one body
     * @param totalBytes of all that are being read at the same time
     * @param slow ends the connections of bodies that take too long
     */
    public Bodies(long limitBytes, long totalBytes, SlowBodies slow) {
        this.limitBytes = limitBytes;
        this.heldKib = new Semaphore(Math.toIntExact(totalBytes / KIB));
        this.slow = slow;
    }

    /**
     * Returns the body.
     *
     * @throws ApiException 413 when it is longer than the limit
     * @throws UnavailableException when too much is being read already
     */
    public byte[] read(ServerRequest request) {
        OptionalLong announced = request.headers().contentLength();
        long expected = announced.orElse(limitBytes);
        if (expected > limitBytes) {
            throw tooLarge();
        }
        int kib = (int) (expected / KIB + 1);
        reserve(kib);
        try (SlowBodies.Watch _ = slow.watch()) {
            return readAll(request);
        } finally {
            heldKib.release(kib);
        }
    }

    private byte[] readAll(ServerRequest request) {
        if (!request.content().hasEntity()) {
            return new byte[0];
        }
        try (InputStream in = request.content().inputStream()) {
            byte[] body = in.readNBytes(Math.toIntExact(limitBytes) + 1);
            if (body.length > limitBytes) {
                throw tooLarge();
            }
            return body;
        } catch (IOException e) {
            throw new ApiException(
                    ApiError.invalid("invalid_body", "The body could not be read.", ""));
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
                "Too many bodies are being read at the moment.", Duration.ofSeconds(1));
    }

    private ApiException tooLarge() {
        return new ApiException(
                ApiError.tooLarge(
                        "The body is larger than the limit of %s (ingress.limits.body)."
                                .formatted(Units.size(limitBytes))));
    }
}
