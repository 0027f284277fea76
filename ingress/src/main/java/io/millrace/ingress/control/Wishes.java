package io.millrace.ingress.control;

import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.avro.KeyState;
import io.millrace.schemas.avro.TenantState;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the file and the command want the control topic to say, by its keys; versions are not set.
 *
 * @param file entities that the file names, and which nobody else may change
 * @param absent entities that are made only where there are none
 */
record Wishes(Map<String, ControlRecord> file, Map<String, ControlRecord> absent) {

    /** Who manages what the file names. */
    static final String BY_FILE = "file";

    /** Who manages what callers made. */
    static final String BY_API = "api";

    static Wishes of(ControlConfig config, BootKeys boot) {
        Map<String, ControlRecord> file = new LinkedHashMap<>();
        for (TenantConfig tenant : config.tenants()) {
            file.put("tenant/" + tenant.name(), tenant(tenant.state(), BY_FILE));
            for (KeyConfig key : tenant.keys()) {
                file.put("key/" + key.secretSha256(), key(key.state(tenant.name()), BY_FILE));
            }
        }
        config.providers()
                .forEach(provider ->
                        file.put(
                                "provider/" + provider.name(),
                                blank(BY_FILE).setProvider(provider.state()).build()));
        config.models()
                .forEach(model ->
                        file.put(
                                "model/" + model.name(),
                                blank(BY_FILE).setModel(model.state()).build()));
        return new Wishes(file, generated(boot));
    }

    private static Map<String, ControlRecord> generated(BootKeys boot) {
        Map<String, ControlRecord> generated = new LinkedHashMap<>();
        for (BootKeys.Key key : boot.keys()) {
            if (!key.tenant().isEmpty()) {
                generated.put(
                        "tenant/" + key.tenant(),
                        tenant(TenantState.newBuilder().setName(key.tenant()).build(), BY_API));
            }
            KeyState state =
                    KeyState.newBuilder()
                            .setKeyId(KeyIds.of(key.tenant(), key.name()))
                            .setName(key.name())
                            .setTenant(key.tenant())
                            .setSecretSha256(key.secretSha256())
                            .setRoles(key.roles())
                            .setModels(List.of("*"))
                            .build();
            generated.put("key/" + key.secretSha256(), key(state, BY_API));
        }
        return generated;
    }

    private static ControlRecord tenant(TenantState state, String managedBy) {
        return blank(managedBy).setTenant(state).build();
    }

    private static ControlRecord key(KeyState state, String managedBy) {
        return blank(managedBy).setKey(state).build();
    }

    private static ControlRecord.Builder blank(String managedBy) {
        return ControlRecord.newBuilder()
                .setVersion(0)
                .setManagedBy(managedBy)
                .setUpdatedAt(Instant.EPOCH);
    }
}
