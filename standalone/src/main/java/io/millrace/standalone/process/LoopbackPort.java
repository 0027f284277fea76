package io.millrace.standalone.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * A TCP port on 127.0.0.1 that is about to be listened on.
 *
 * @param number 0 for a free one, else 1 to 65,535
 * @param flag what the user sets to choose another, such as {@code --kafka-port}
 */
public record LoopbackPort(int number, String flag) {

    public LoopbackPort {
        if (number < 0 || number > 65_535) {
            throw new RefusedException(
                    "%s must be between 0 and 65535, but was %d".formatted(flag, number));
        }
    }

    /**
     * Binds the port and lets it go again, so that a taken one is told before anything is started.
     *
     * <p>Between this look and the real bind another process may come first; who binds still has to
     * handle that.
     *
     * @return the same port, or the free one that was found for 0
     * @throws PortTakenException if another process listens on it
     */
    public LoopbackPort claimed() {
        try (ServerSocket socket = new ServerSocket()) {
            // a port whose last connections are in TIME_WAIT is free for a server
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), number), 1);
            return new LoopbackPort(socket.getLocalPort(), flag);
        } catch (java.net.BindException _) {
            throw new PortTakenException(number, flag);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot try port " + number + " for " + flag, e);
        }
    }
}
