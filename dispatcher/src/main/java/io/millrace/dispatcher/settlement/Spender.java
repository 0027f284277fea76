package io.millrace.dispatcher.settlement;

import io.millrace.schemas.id.TenantId;
import java.util.List;

/**
 * Whose sums a record of the ledger holds: a tenant's, or those of one of its keys or models.
 *
 * @param tenant the tenant
 * @param part empty for the tenant as a whole, else {@code key/<id>} or {@code model/<name>}
 */
public record Spender(TenantId tenant, String part) {

    private static final String PREFIX = "spend/";

    /** Returns the tenant as a whole. */
    public static Spender tenant(TenantId tenant) {
        return new Spender(tenant, "");
    }

    /** Returns one key of a tenant. */
    public static Spender key(TenantId tenant, String id) {
        return new Spender(tenant, "key/" + id);
    }

    /** Returns one model that a tenant uses. */
    public static Spender model(TenantId tenant, String name) {
        return new Spender(tenant, "model/" + name);
    }

    /** Returns all whose sums a call belongs to. */
    static List<Spender> of(TenantId tenant, String key, String model) {
        return List.of(tenant(tenant), key(tenant, key), model(tenant, model));
    }

    static Spender fromKey(String ledgerKey) {
        String rest = ledgerKey.substring(PREFIX.length());
        int end = rest.indexOf('/');
        return end < 0
                ? tenant(new TenantId(rest))
                : new Spender(new TenantId(rest.substring(0, end)), rest.substring(end + 1));
    }

    String toKey() {
        return part.isEmpty() ? PREFIX + tenant : PREFIX + tenant + "/" + part;
    }
}
