package io.millrace.simulatedprovider.http;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Status and headers of an answer. The body's length or encoding is among the headers, true or not.
 */
public record ResponseHead(int status, Map<String, String> headers) {

    public ResponseHead {
        if (status < 200 || status > 599) {
            throw new IllegalArgumentException("status must be 200 to 599, but was " + status);
        }
    }

    /**
     * What goes on the wire before the body; the reason phrase is left empty, as RFC 9112 allows.
     */
    public byte[] bytes() {
        StringBuilder head =
                new StringBuilder(256).append("HTTP/1.1 ").append(status).append(" \r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
