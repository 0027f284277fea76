package io.millrace.ingress.control;

import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.avro.KeyState;
import io.millrace.schemas.avro.ModelState;
import io.millrace.schemas.avro.ProviderState;
import io.millrace.schemas.avro.TenantState;
import io.millrace.schemas.avro.WebhookEndpointState;
import io.millrace.schemas.id.TenantId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what, as the control topic says at one moment. Immutable.
 *
 * <p>What is disabled is as if it were not there; so is a key whose tenant is.
 */
public final class Control {

    /** Nothing is allowed to anybody. */
    public static final Control EMPTY = new Control(Map.of());

    private final Map<String, TenantState> tenants = new HashMap<>();
    private final Map<String, KeyState> keys = new HashMap<>();
    private final Map<String, ProviderState> providers = new HashMap<>();
    private final Map<String, Model> modelsByName = new HashMap<>();
    private final Map<String, List<Endpoint>> endpoints = new HashMap<>();
    private final Set<String> pacedKeys = new HashSet<>();
    private final List<Model> models;
    private final List<Model> prefixes;

    /**
     * A model and when its state was written.
     *
     * @param state what clients ask for and where it goes
     * @param record what the topic says around it
     */
    public record Model(ModelState state, ControlRecord record) {}

    /**
     * An endpoint of webhooks and when its state was written.
     *
     * @param state where events are sent, and which
     * @param record what the topic says around it
     */
    public record Endpoint(WebhookEndpointState state, ControlRecord record) {}

    /** Takes the records of the control topic by their keys. */
    public Control(Map<String, ControlRecord> records) {
        Map<String, Model> byName = new HashMap<>();
        records.forEach((key, record) -> {
            if (!record.getDisabled()) {
                take(record, byName);
            }
        });
        keys.values()
                .removeIf(
                        key -> !key.getTenant().isEmpty() && !tenants.containsKey(key.getTenant()));
        keys.values().stream()
                .filter(key -> isLimit(key.getRequestsPerMinute(), key.getTokensPerMinute()))
                .forEach(key -> pacedKeys.add(key.getKeyId()));
        models =
                byName.values().stream()
                        .sorted(Comparator.comparing(model -> model.state().getName()))
                        .toList();
        prefixes =
                models.stream()
                        .filter(model -> model.state().getName().endsWith("*"))
                        .sorted(
                                Comparator.comparingInt(
                                                (Model model) -> model.state().getName().length())
                                        .reversed())
                        .toList();
        endpoints
                .values()
                .forEach(all ->
                        all.sort(
                                Comparator.comparing((Endpoint endpoint) ->
                                                endpoint.state().getCreatedAt())
                                        .thenComparing(endpoint -> endpoint.state().getEndpointId())
                                        .reversed()));
        for (Model model : models) {
            model.state().getAliases().forEach(alias -> modelsByName.put(alias, model));
        }
        // a model's own name wins over another one's alias
        modelsByName.putAll(byName);
    }

    /** Returns the key whose secret has that SHA-256. */
    public Optional<KeyState> key(String secretSha256) {
        return Optional.ofNullable(keys.get(secretSha256));
    }

    /** Returns a tenant. */
    public Optional<TenantState> tenant(TenantId tenant) {
        return Optional.ofNullable(tenants.get(tenant.value()));
    }

    /** Returns whether a limit a minute binds a key of a tenant, for some model at least. */
    public boolean isPaced(TenantId tenant, String keyId) {
        TenantState state = tenants.get(tenant.value());
        return pacedKeys.contains(keyId)
                || (state != null
                        && (isLimit(state.getRequestsPerMinute(), state.getTokensPerMinute())
                                || state.getModels().stream()
                                        .anyMatch(model ->
                                                isLimit(
                                                        model.getRequestsPerMinute(),
                                                        model.getTokensPerMinute()))));
    }

    private static boolean isLimit(@Nullable Long requests, @Nullable Long tokens) {
        return requests != null || tokens != null;
    }

    /** Returns a provider. */
    public Optional<ProviderState> provider(String name) {
        return Optional.ofNullable(providers.get(name));
    }

    /** Returns the model that a client asks for: by name, by alias, or by the longest prefix. */
    public Optional<Model> model(String name) {
        Model exact = modelsByName.get(name);
        if (exact != null) {
            return Optional.of(exact);
        }
        return prefixes.stream()
                .filter(model -> {
                    String pattern = model.state().getName();
                    return name.startsWith(pattern.substring(0, pattern.length() - 1));
                })
                .findFirst();
    }

    /** Returns all models by name. */
    public List<Model> models() {
        return models;
    }

    /** Returns the endpoints of a tenant, the newest first. */
    public List<Endpoint> endpoints(TenantId tenant) {
        return endpoints.getOrDefault(tenant.value(), List.of());
    }

    /** Returns an endpoint of a tenant. */
    public Optional<Endpoint> endpoint(TenantId tenant, String id) {
        return endpoints(tenant).stream()
                .filter(endpoint -> endpoint.state().getEndpointId().equals(id))
                .findFirst();
    }

    private void take(ControlRecord record, Map<String, Model> byName) {
        if (record.getTenant() != null) {
            tenants.put(record.getTenant().getName(), record.getTenant());
        }
        if (record.getKey() != null) {
            keys.put(record.getKey().getSecretSha256(), record.getKey());
        }
        if (record.getProvider() != null) {
            providers.put(record.getProvider().getName(), record.getProvider());
        }
        if (record.getModel() != null) {
            byName.put(record.getModel().getName(), new Model(record.getModel(), record));
        }
        WebhookEndpointState endpoint = record.getWebhookEndpoint();
        if (endpoint != null) {
            endpoints
                    .computeIfAbsent(endpoint.getTenant(), _ -> new ArrayList<>())
                    .add(new Endpoint(endpoint, record));
        }
    }
}
