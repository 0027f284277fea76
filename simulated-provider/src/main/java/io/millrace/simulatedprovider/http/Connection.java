package io.millrace.simulatedprovider.http;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A client's connection.
 *
 * <p>Used by one thread; only {@link #close} and {@link #isClosedHere} may be called by others.
 */
public final class Connection implements AutoCloseable {

    // Longer than any client keeps an unused connection: openai-java does so for 5 minutes.
    private static final Duration IDLE = Duration.ofMinutes(10);

    private final Socket plain;
    private final Socket socket;
    private final Inbound in;
    private final OutputStream out;
    private final RequestReader requests;
    private volatile boolean closedHere;

    Connection(Socket plain, Layer layer) throws IOException {
        this.plain = plain;
        plain.setTcpNoDelay(true);
        this.socket = layer.over(plain);
        this.in = new Inbound(socket.getInputStream());
        this.out = socket.getOutputStream();
        this.requests = new RequestReader(in, out);
    }

    /** Waits for the next request; empty when the client closed instead. */
    Optional<HttpRequest> next() throws IOException {
        socket.setSoTimeout(Math.toIntExact(IDLE.toMillis()));
        return in.isEmpty() && !in.fill() ? Optional.empty() : Optional.of(requests.read());
    }

    /**
     * Waits, and says whether the client left meanwhile; then it returns at once.
     *
     * <p>Reading is what tells, so a client that sends its next request early is not seen to leave
     * while that one waits.
     *
     * @param wait in whole milliseconds
     */
    public boolean isLeftWithin(Duration wait) {
        long deadline = System.nanoTime() + wait.toNanos();
        try {
            if (!wait.isPositive()) {
                return false;
            }
            if (in.isEmpty()) {
                socket.setSoTimeout(Math.toIntExact(wait.toMillis()));
                if (!in.fill()) {
                    return true;
                }
            }
        } catch (SocketTimeoutException _) {
            return false;
        } catch (IOException _) {
            return true;
        }
        parkUntil(deadline);
        return false;
    }

    /** Sends the bytes to the operating system; fails when the client is known to have left. */
    public void write(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    /** Ends the connection with a reset instead of an orderly end. */
    public void reset() throws IOException {
        plain.setSoLinger(true, 0);
        plain.close();
    }

    /** Whether the connection was ended from this side. */
    public boolean isClosedHere() {
        return closedHere;
    }

    @Override
    public void close() {
        closedHere = true;
        try {
            plain.close(); // not the layer over it, which would wait for a write under way
        } catch (IOException _) {
            // It is gone either way.
        }
    }

    private static void parkUntil(long deadline) {
        for (long left = deadline - System.nanoTime();
                left > 0 && !Thread.currentThread().isInterrupted();
                left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
