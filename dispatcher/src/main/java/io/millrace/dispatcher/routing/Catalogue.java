package io.millrace.dispatcher.routing;

import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.avro.Delivery;
import io.millrace.schemas.avro.KeyState;
import io.millrace.schemas.avro.ModelState;
import io.millrace.schemas.avro.ProviderState;
import io.millrace.schemas.avro.TenantState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What control says of models, providers and tenants at one moment. Immutable.
 *
 * <p>A model is found by its exact name, by an alias, or by the longest name with a trailing star
 * that it begins with. What is disabled is not there.
 */
public final class Catalogue {

    /** Nothing is known yet. */
    public static final Catalogue EMPTY = new Catalogue(Map.of());

    private final Map<String, ControlRecord> entries;
    private final Map<String, Route> exact = new HashMap<>();
    private final Map<String, Route> prefixes = new HashMap<>();
    private final Map<String, KeyState> keys = new HashMap<>();

    private Catalogue(Map<String, ControlRecord> entries) {
        this.entries = entries;
        // in order, and names after aliases: every process must come to the same routes
        List<ModelState> models =
                new TreeMap<>(entries)
                        .values().stream()
                                .filter(entry -> entry.getModel() != null && !entry.getDisabled())
                                .map(ControlRecord::getModel)
                                .toList();
        models.forEach(model -> model.getAliases().forEach(alias -> put(alias, Route.from(model))));
        models.forEach(model -> put(model.getName(), Route.from(model)));
        entries.values().stream()
                .filter(entry -> entry.getKey() != null)
                .map(ControlRecord::getKey)
                .forEach(key -> keys.put(key.getKeyId(), key));
    }

    /** Returns the catalogue of what control says, by its keys. */
    public static Catalogue of(Map<String, ControlRecord> entries) {
        return new Catalogue(Map.copyOf(entries));
    }

    /** Returns the route of a model's name. */
    public Optional<Route> route(String model) {
        Route found = exact.get(model);
        if (found != null) {
            return Optional.of(found);
        }
        for (int length = model.length(); length >= 0; length--) {
            Route starred = prefixes.get(model.substring(0, length));
            if (starred != null) {
                return Optional.of(starred);
            }
        }
        return Optional.empty();
    }

    /**
     * Returns whether a key may use a model. The lines of a batch are asked one by one, here; a key
     * that is gone was asked when its work was accepted.
     */
    public boolean mayUse(String keyId, String model) {
        List<String> patterns = key(keyId).map(KeyState::getModels).orElse(List.of("*"));
        return patterns.stream().anyMatch(pattern -> matches(pattern, model));
    }

    /** Returns a provider by its name. */
    public Optional<ProviderState> provider(String name) {
        return entry("provider/" + name).map(ControlRecord::getProvider);
    }

    /** Returns the state of a tenant. */
    public Optional<TenantState> tenant(String name) {
        return entry("tenant/" + name).map(ControlRecord::getTenant);
    }

    /** Returns the tenants that produce to Kafka themselves, or get their results there. */
    public List<TenantState> tenantsAtKafka() {
        return entries.values().stream()
                .filter(entry -> entry.getTenant() != null && !entry.getDisabled())
                .map(ControlRecord::getTenant)
                .filter(tenant -> tenant.getKafkaPrincipal() != null || tenant.getKafkaResults())
                .toList();
    }

    /** Returns the state of a key by its id. */
    public Optional<KeyState> key(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    /** Returns the names of the providers that may be called. */
    public Set<String> providers() {
        return entries.values().stream()
                .filter(entry -> entry.getProvider() != null && !entry.getDisabled())
                .map(entry -> entry.getProvider().getName())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Returns what a tenant has chosen for attempts of unknown outcome. */
    public Delivery delivery(String tenant) {
        return tenant(tenant).map(TenantState::getDelivery).orElse(Delivery.AT_LEAST_ONCE);
    }

    private Optional<ControlRecord> entry(String key) {
        return Optional.ofNullable(entries.get(key)).filter(entry -> !entry.getDisabled());
    }

    private static boolean matches(String pattern, String model) {
        return pattern.endsWith("*")
                ? model.startsWith(pattern.substring(0, pattern.length() - 1))
                : pattern.equals(model);
    }

    private void put(String name, Route route) {
        if (name.endsWith("*")) {
            prefixes.put(name.substring(0, name.length() - 1), route);
        } else {
            exact.put(name, route);
        }
    }
}
