package io.millrace.simulatedprovider.http;

import java.io.IOException;

/** What the client sent is no request, or one beyond the limits; the connection cannot go on. */
final class RefusedRequestException extends IOException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String reason;

    RefusedRequestException(int status, String reason) {
        super(reason);
        this.status = status;
        this.reason = reason;
    }

    int status() {
        return status;
    }

    String reason() {
        return reason;
    }
}
