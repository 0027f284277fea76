package io.millrace.dispatcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dispatcher.execution.Execution;
import io.millrace.dispatcher.quota.Rates;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * What a dispatcher tells ingresses of a caller's limits a minute, when it owns the tenant's slot.
 */
record RatesPage(Ownership ownership, Slots slots, Execution execution) {

    private static final int PARTS = 3;

    /**
     * Returns what is left.
     *
     * @param asked tenant, id of the key, and name of the model in URL-safe Base64, with commas
     *     between them
     */
    Optional<JsonNode> json(String asked) {
        String[] parts = asked.split(",", PARTS);
        if (parts.length < PARTS) {
            return Optional.empty();
        }
        return TenantId.parse(parts[0])
                .flatMap(tenant ->
                        model(parts[2])
                                .flatMap(model ->
                                        ownership
                                                .slot(slots.of(tenant))
                                                .map(slot ->
                                                        execution.rates(
                                                                slot, tenant, parts[1], model))))
                .map(RatesPage::page);
    }

    private static Optional<String> model(String encoded) {
        try {
            byte[] name = Base64.getUrlDecoder().decode(encoded);
            return Optional.of(new String(name, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static JsonNode page(Rates rates) {
        ObjectNode page = Json.object();
        rates.requests().ifPresent(left -> page.set("requests", left(left)));
        rates.tokens().ifPresent(left -> page.set("tokens", left(left)));
        return page;
    }

    private static JsonNode left(Rates.Left left) {
        ObjectNode said = Json.object();
        said.put("limit", left.limit());
        said.put("remaining", left.remaining());
        said.put("reset_ms", left.reset().toMillis());
        return said;
    }
}
