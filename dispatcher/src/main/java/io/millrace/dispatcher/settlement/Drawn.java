package io.millrace.dispatcher.settlement;

import io.millrace.schemas.id.TenantId;
import java.time.Instant;
import java.util.List;

/**
 * The calls that were made for a record, as the windows of a minute count them.
 *
 * @param tenant whose calls they were
 * @param key id of the API key
 * @param model name of the model as control has it
 */
public record Drawn(TenantId tenant, String key, String model, List<Draw> draws) {

    /** Stands where nothing was called for anybody. */
    static final Drawn NONE = new Drawn(new TenantId("none"), "", "", List.of());

    public Drawn {
        draws = List.copyOf(draws);
    }

    /**
     * One call.
     *
     * @param at when it started
     * @param tokens what it used, or at most when nobody knows
     */
    public record Draw(Instant at, long tokens) {}
}
