package io.millrace.ingress.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.ServerRequest;
import io.millrace.ingress.admission.Fingerprint;
import io.millrace.ingress.http.IdempotencyKey;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A wish for a batch or a file as its client named it.
 *
 * @param key the name
 * @param fingerprint of the wish: another one under the same name is refused
 */
public record NamedWish(IdempotencyKey key, String fingerprint) {

    /**
     * Returns the wish of a request, or none when it came without a key.
     *
     * @param fields what it wishes
     */
    public static Optional<NamedWish> of(ServerRequest request, Supplier<ObjectNode> fields) {
        return IdempotencyKey.of(request)
                .map(key -> new NamedWish(key, Fingerprint.of(fields.get())));
    }
}
