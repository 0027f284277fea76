package io.millrace.dispatcher.provider.http;

import java.net.URI;
import java.time.Instant;
import java.util.Map;

/**
 * One POST of JSON. Its {@code toString} shows neither headers nor body.
 *
 * @param headers besides those of the content
 * @param deadline when it has ended at the latest
 */
@SuppressWarnings("ArrayRecordComponent") // bodies are bytes; calls are never compared
public record HttpCall(URI address, Map<String, String> headers, byte[] body, Instant deadline) {

    public HttpCall {
        headers = Map.copyOf(headers);
    }

    @Override
    public String toString() {
        return "HttpCall[address=%s, bytes=%d, deadline=%s]"
                .formatted(address, body.length, deadline);
    }
}
