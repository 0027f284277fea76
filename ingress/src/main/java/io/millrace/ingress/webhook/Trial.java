package io.millrace.ingress.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingress.control.Control;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.Json;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;

/**
 * Sends an event that did not happen, once, so that a tenant sees what its endpoint answers.
 * Thread-safe.
 */
final class Trial {

    private static final int AT_ONCE = 32;
    private static final int NONCE_BYTES = 12;

    private final Routes routes;
    private final Carrier carrier;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final Semaphore free = new Semaphore(AT_ONCE);

    Trial(Routes routes, Carrier carrier, InstantSource clock, RandomGenerator random) {
        this.routes = routes;
        this.carrier = carrier;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Returns what the endpoint answered, whichever status that was.
     *
     * @throws ApiException 400 when there was no answer
     * @throws UnavailableException when too many are tried out already
     */
    ObjectNode of(Control.Endpoint endpoint, EventType type) {
        if (!free.tryAcquire()) {
            throw new UnavailableException(
                    "Too many endpoints are tried out at the moment.", Duration.ofSeconds(5));
        }
        try {
            return shown(
                    endpoint,
                    type,
                    carrier.carry(routes.test(endpoint.state(), event(endpoint, type))));
        } finally {
            free.release();
        }
    }

    private Event event(Control.Endpoint endpoint, EventType type) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return new Event(
                new TenantId(endpoint.state().getTenant()),
                type,
                "test_" + HexFormat.of().formatHex(nonce),
                clock.instant());
    }

    private static ObjectNode shown(Control.Endpoint endpoint, EventType type, Answer came) {
        Integer status = came.status();
        if (status == null) {
            throw EndpointWish.wrong(
                    "endpoint_not_reached",
                    "The endpoint gave no answer: %s.".formatted(came.error()),
                    "");
        }
        ObjectNode body = Json.object();
        body.put("object", "webhook_endpoint.test");
        body.put("webhook_endpoint_id", endpoint.state().getEndpointId());
        body.put("event_type", type.word());
        body.put("status_code", status);
        // that there was an answer; whether it was a good one, its status says
        body.put("success", true);
        return body;
    }
}
