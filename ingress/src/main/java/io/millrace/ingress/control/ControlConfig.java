package io.millrace.ingress.control;

import io.millrace.servicekit.config.Reference;
import io.millrace.servicekit.config.Section;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * The entities of the file: providers, models, and tenants with their keys.
 *
 * @param providers by which calls are carried out
 * @param models that clients ask for
 * @param tenants whose work it is
 */
public record ControlConfig(
        List<ProviderConfig> providers, List<ModelConfig> models, List<TenantConfig> tenants) {

    /** The keys of the file's root that are read here. */
    public static final List<String> KEYS = List.of("providers", "models", "tenants");

    /** The sections of the reference page. */
    public static final List<Reference> REFERENCES =
            List.of(
                    ProviderConfig.REFERENCE,
                    ProviderConfig.LIMITS,
                    ProviderConfig.Timeouts.REFERENCE,
                    ProviderConfig.HTTP,
                    Authorities.REFERENCE,
                    ModelConfig.REFERENCE,
                    ModelConfig.Target.REFERENCE,
                    ModelConfig.PriceConfig.REFERENCE,
                    ModelConfig.DEFAULTS_PAGE,
                    ModelConfig.CACHE_PAGE,
                    TenantConfig.REFERENCE,
                    KeyConfig.REFERENCE,
                    KeyConfig.QUOTAS_PAGE,
                    KeyConfig.BUDGET_PAGE,
                    TenantConfig.QUOTAS_PAGE,
                    TenantConfig.BUDGET_PAGE,
                    ModelQuotaConfig.REFERENCE,
                    ModelQuotaConfig.QUOTAS_PAGE,
                    ModelQuotaConfig.BUDGET_PAGE,
                    TenantConfig.KafkaDoor.REFERENCE,
                    TenantConfig.BY_IP_PAGE);

    public ControlConfig {
        providers = List.copyOf(providers);
        models = List.copyOf(models);
        tenants = List.copyOf(tenants);
    }

    /**
     * Reads the lists of the file's root.
     *
     * @throws io.millrace.servicekit.config.ConfigException naming the key that is wrong
     */
    public static ControlConfig from(Section root) {
        ControlConfig config =
                new ControlConfig(
                        each(root, "providers", ProviderConfig::from),
                        each(root, "models", ModelConfig::from),
                        each(root, "tenants", TenantConfig::from));
        config.refuseTwins(root);
        config.refuseUnknownTargets(root);
        config.refuseSharedSecrets(root);
        return config;
    }

    private static <T> List<T> each(Section root, String key, Function<Section, T> reader) {
        return root.list(key).stream().map(reader).toList();
    }

    private void refuseTwins(Section root) {
        refuseTwins(root, "providers", providers.stream().map(ProviderConfig::name).toList());
        refuseTwins(root, "models", models.stream().map(ModelConfig::name).toList());
        refuseTwins(root, "tenants", tenants.stream().map(TenantConfig::name).toList());
    }

    private static void refuseTwins(Section root, String key, List<String> names) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            if (!seen.add(names.get(i))) {
                throw root.refusal(
                        "%s[%d].name".formatted(key, i),
                        "there is another '%s'".formatted(names.get(i)));
            }
        }
    }

    private void refuseUnknownTargets(Section root) {
        List<String> known = providers.stream().map(ProviderConfig::name).toList();
        for (int m = 0; m < models.size(); m++) {
            List<ModelConfig.Target> targets = models.get(m).targets();
            for (int t = 0; t < targets.size(); t++) {
                if (!known.contains(targets.get(t).provider())) {
                    throw root.refusal(
                            "models[%d].targets[%d].provider".formatted(m, t),
                            "no provider '%s' in this file; known are %s"
                                    .formatted(targets.get(t).provider(), known));
                }
            }
        }
    }

    // Whoever shows a secret must be one and the same caller.
    private void refuseSharedSecrets(Section root) {
        Map<String, String> owners = new HashMap<>();
        for (int t = 0; t < tenants.size(); t++) {
            List<KeyConfig> keys = tenants.get(t).keys();
            for (int k = 0; k < keys.size(); k++) {
                String path = "tenants[%d].keys[%d].secret".formatted(t, k);
                String other = owners.putIfAbsent(keys.get(k).secretSha256(), path);
                if (other != null) {
                    throw root.refusal(path, "is the same secret as " + other);
                }
            }
        }
    }
}
