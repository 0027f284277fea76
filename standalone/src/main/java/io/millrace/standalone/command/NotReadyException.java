package io.millrace.standalone.command;

/** Everything was started, but a part of it cannot work; the message is one line. */
final class NotReadyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    NotReadyException(String parts) {
        super("not ready: " + parts);
    }
}
