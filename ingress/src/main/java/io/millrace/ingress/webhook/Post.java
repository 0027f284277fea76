package io.millrace.ingress.webhook;

import java.net.URI;
import java.util.List;

/**
 * An event as it is sent.
 *
 * @param url address
 * @param id value of {@code webhook-id}
 * @param timestamp value of {@code webhook-timestamp}
 * @param signatures values of {@code webhook-signature}
 * @param body JSON in UTF-8
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
record Post(URI url, String id, long timestamp, List<String> signatures, byte[] body) {

    Post {
        signatures = List.copyOf(signatures);
    }

    /** Leaves the address out, which may hold a secret. */
    @Override
    public String toString() {
        return "Post[%s]".formatted(id);
    }
}
