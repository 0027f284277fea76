package io.millrace.simulatedprovider.http;

import java.util.Map;

/** A request that was received whole. */
public final class HttpRequest {

    private final String method;
    private final String path;
    private final Map<String, String> headers;
    private final byte[] body;
    private final boolean persistent;

    HttpRequest(
            String method,
            String path,
            Map<String, String> headers,
            byte[] body,
            boolean persistent) {
        this.method = method;
        this.path = path;
        this.headers = Map.copyOf(headers);
        this.body = body;
        this.persistent = persistent;
    }

    public String method() {
        return method;
    }

    /** The path as sent, without the query. */
    public String path() {
        return path;
    }

    /** The value of a header, empty when it was not sent; the last one when it was sent twice. */
    public String header(String lowerCaseName) {
        return headers.getOrDefault(lowerCaseName, "");
    }

    /** The body itself, not a copy: it can be megabytes, and nobody here writes into it. */
    public byte[] body() {
        return body;
    }

    /** Whether the client means to send another request on this connection. */
    boolean isPersistent() {
        return persistent;
    }
}
