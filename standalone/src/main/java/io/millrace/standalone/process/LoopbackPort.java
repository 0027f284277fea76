package io.millrace.standalone.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

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
        return claimed(List.of(this)).getFirst();
    }

    /**
     * The same for several ports that are to be listened on together: the free ones differ from
     * each other and from the rest.
     *
     * @return in the same order
     * @throws PortTakenException if another process, or one of the others, has one of them
     */
    public static List<LoopbackPort> claimed(List<LoopbackPort> wanted) {
        List<LoopbackPort> claimed = new ArrayList<>(wanted);
        List<ServerSocket> held = new ArrayList<>();
        try {
            // given numbers first, lest a free port is one of them
            for (boolean free : List.of(false, true)) {
                for (int at = 0; at < wanted.size(); at++) {
                    LoopbackPort port = wanted.get(at);
                    if ((port.number == 0) == free) {
                        ServerSocket socket = port.bound();
                        held.add(socket);
                        claimed.set(at, new LoopbackPort(socket.getLocalPort(), port.flag));
                    }
                }
            }
            return List.copyOf(claimed);
        } finally {
            held.forEach(LoopbackPort::letGo);
        }
    }

    private ServerSocket bound() {
        try {
            ServerSocket socket = new ServerSocket();
            try {
                // a port whose last connections are in TIME_WAIT is free for a server
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), number), 1);
                return socket;
            } catch (IOException e) {
                letGo(socket);
                throw e;
            }
        } catch (java.net.BindException _) {
            throw new PortTakenException(number, flag);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot try port " + number + " for " + flag, e);
        }
    }

    private static void letGo(ServerSocket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close a socket that nobody used", e);
        }
    }
}
