package io.millrace.ingress.auth;

import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.schemas.id.TenantId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who sent a request, as its credential says.
 *
 * @param tenantName name of the tenant; empty for an operator key, which belongs to none
 * @param keyId id of the key, safe to show
 * @param roles what the key may do
 * @param models names of models it may use: exact, with one trailing *, or * for all
 */
public record Caller(String tenantName, String keyId, Set<Role> roles, List<String> models) {

    public Caller {
        roles = Set.copyOf(roles);
        models = List.copyOf(models);
    }

    /** Returns whether this is an operator, who may do everything. */
    public boolean operator() {
        return roles.contains(Role.OPERATOR);
    }

    /**
     * Returns the tenant the caller acts for.
     *
     * @throws ApiException 403 when the key belongs to no tenant
     */
    public TenantId tenant() {
        return scope().orElseThrow(() ->
                new ApiException(
                        ApiError.forbidden(
                                "This key belongs to no tenant: use a tenant's" + " key here.")));
    }

    /** Returns the tenant whose things the caller may see, or none when it may see all. */
    public Optional<TenantId> scope() {
        return tenantName.isEmpty() ? Optional.empty() : Optional.of(new TenantId(tenantName));
    }

    /**
     * Returns the caller if it has one of the roles, or is an operator.
     *
     * @throws ApiException 403 otherwise
     */
    public Caller withAnyOf(Role... allowed) {
        if (operator()) {
            return this;
        }
        for (Role role : allowed) {
            if (roles.contains(role)) {
                return this;
            }
        }
        throw new ApiException(
                ApiError.forbidden("This key has not the role that this call needs."));
    }

    /** Returns whether the caller may use the model of that name. */
    public boolean mayUse(String model) {
        return models.stream().anyMatch(pattern -> matches(pattern, model));
    }

    private static boolean matches(String pattern, String model) {
        return pattern.endsWith("*")
                ? model.startsWith(pattern.substring(0, pattern.length() - 1))
                : pattern.equals(model);
    }
}
