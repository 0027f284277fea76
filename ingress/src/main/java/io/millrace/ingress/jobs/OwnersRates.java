package io.millrace.ingress.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ingress.control.Control;
import io.millrace.schemas.avro.RateLeft;
import io.millrace.schemas.id.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the owner of a tenant's slot what is left of its minute: only for callers who have such a
 * limit, and once a second for each, so that an acceptance does not wait for it. Thread-safe.
 */
final class OwnersRates implements RatesLeft {

    private static final Duration PATIENCE = Duration.ofMillis(100);
    private static final Duration FRESH = Duration.ofSeconds(1);
    private static final int MOST_KNOWN = 10_000;

    private record Asker(TenantId tenant, String keyId, String model) {}

    private record Told(Left left, Instant at) {}

    private final Supplier<Control> control;
    private final OwnerClient owners;
    private final InstantSource clock;
    private final Map<Asker, Told> known =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Asker, Told> eldest) {
                    return size() > MOST_KNOWN;
                }
            };

    OwnersRates(Supplier<Control> control, OwnerClient owners, InstantSource clock) {
        this.control = control;
        this.owners = owners;
        this.clock = clock;
    }

    @Override
    public Left of(TenantId tenant, String keyId, String model) {
        if (!control.get().isPaced(tenant, keyId)) {
            return Left.NOTHING;
        }
        Asker asker = new Asker(tenant, keyId, model);
        Instant now = clock.instant();
        synchronized (known) {
            Told told = known.get(asker);
            if (told != null && told.at().plus(FRESH).isAfter(now)) {
                return told.left();
            }
            // others that come meanwhile are told what was known before
            known.put(asker, new Told(told == null ? Left.NOTHING : told.left(), now));
        }
        Left left = ask(asker);
        synchronized (known) {
            known.put(asker, new Told(left, now));
        }
        return left;
    }

    private Left ask(Asker asker) {
        String model =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(asker.model().getBytes(StandardCharsets.UTF_8));
        String path = "/internal/rates/%s,%s,%s".formatted(asker.tenant(), asker.keyId(), model);
        return owners.ask(asker.tenant(), path, PATIENCE)
                .map(said -> new Left(left(said.path("requests")), left(said.path("tokens"))))
                .orElse(Left.NOTHING);
    }

    private static @Nullable RateLeft left(JsonNode said) {
        return said.isObject()
                ? new RateLeft(
                        said.path("limit").asLong(),
                        said.path("remaining").asLong(),
                        said.path("reset_ms").asLong())
                : null;
    }
}
