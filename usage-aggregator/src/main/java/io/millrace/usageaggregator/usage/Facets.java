package io.millrace.usageaggregator.usage;

import io.millrace.schemas.avro.UsageRecord;
import io.millrace.schemas.id.TenantId;
import java.util.Locale;

/**
 * What tells one sum from another: the whole tuple that the cube is keyed by.
 *
 * @param keyId id of the API key
 * @param project empty when the key belongs to none
 * @param model name as the client asked for it
 * @param provider empty when none was called
 * @param target name of the model at the provider; empty when none was called
 * @param endpoint path such as {@code /v1/embeddings}
 * @param tier service tier in lower case, such as {@code default}
 * @param status terminal state in lower case, such as {@code completed}
 */
public record Facets(
        TenantId tenant,
        String keyId,
        String project,
        String model,
        String provider,
        String target,
        String endpoint,
        String tier,
        boolean batch,
        String status) {

    // Nine texts make a key; names are far shorter, and a key must stay one.
    private static final int MAX_CHARS = 1_024;

    public Facets {
        bounded("key id", keyId);
        bounded("project", project);
        bounded("model", model);
        bounded("provider", provider);
        bounded("target", target);
        bounded("endpoint", endpoint);
        bounded("tier", tier);
        bounded("status", status);
    }

    /** Returns the facets of a bill. */
    static Facets of(UsageRecord bill) {
        return new Facets(
                new TenantId(bill.getTenant()),
                bill.getKeyId(),
                bill.getProject(),
                bill.getModel(),
                bill.getProvider(),
                bill.getTarget(),
                bill.getEndpoint(),
                bill.getTier().name().toLowerCase(Locale.ROOT),
                bill.getBatch(),
                bill.getStatus().name().toLowerCase(Locale.ROOT));
    }

    private static void bounded(String name, String value) {
        if (value.length() > MAX_CHARS) {
            throw new IllegalArgumentException(
                    "%s must have at most %d characters, but has %d"
                            .formatted(name, MAX_CHARS, value.length()));
        }
    }
}
