package io.millrace.standalone.process;

/** A port that we were told to listen on belongs to another process. */
public final class PortTakenException extends RefusedException {

    private static final long serialVersionUID = 1L;

    private final int port;

    /**
     * @param flag what the user sets to choose another port, such as {@code --kafka-port}
     */
    public PortTakenException(int port, String flag) {
        super(
                "port %d on 127.0.0.1 is taken by another process; choose another with %s (0 means a free one)"
                        .formatted(port, flag));
        this.port = port;
    }

    public int port() {
        return port;
    }
}
