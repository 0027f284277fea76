package io.millrace.schemas.id;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of a tenant.
 *
 * @param value 1 to 63 lower-case letters, digits and dashes, not beginning with a dash
 */
public record TenantId(String value) {

    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    public TenantId {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "tenant must match %s, but was '%s'".formatted(FORM, value));
        }
    }

    /** Returns the tenant, or none when the text has not the form of a name. */
    public static Optional<TenantId> parse(String text) {
        return FORM.matcher(text).matches() ? Optional.of(new TenantId(text)) : Optional.empty();
    }

    @Override
    public String toString() {
        return value;
    }
}
