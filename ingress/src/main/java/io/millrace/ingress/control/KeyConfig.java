package io.millrace.ingress.control;

import io.millrace.schemas.avro.KeyState;
import io.millrace.servicekit.config.Reference;
import io.millrace.servicekit.config.Secret;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.config.Setting;
import java.util.List;

/**
 * A tenant's API key as the file names it; of its secret only the SHA-256 is kept.
 *
 * @param name the tenant gave it
 * @param secretSha256 in hexadecimal digits
 * @param models it may use
 * @param limits of what comes with it
 * @param budget of what it may spend
 * @param roles what it may do
 */
record KeyConfig(
        String name,
        String secretSha256,
        List<String> models,
        Limits limits,
        Budget budget,
        List<String> roles) {

    private static final int MIN_SECRET = 16;

    private static final Setting<String> NAME = Names.apiKey("name", "Name of the key");
    private static final Setting<Secret> SECRET =
            Setting.secret("secret", "What clients send; at least 16 characters");
    private static final Setting<String> MODELS =
            Names.modelPattern("models", "List of models it may use: names, prefixes with *, or *")
                    .withDefault("*");
    private static final Setting<String> QUOTAS =
            Setting.text("quotas", "See `tenants[].keys[].quotas`");
    private static final Setting<String> BUDGET =
            Setting.text("budget", "See `tenants[].keys[].budget`");
    private static final Setting<String> ROLES =
            Setting.word(
                    "roles",
                    "List of what it may do; absent: submit, read and usage",
                    List.of("submit", "read", "usage", "tenant-admin", "operator"));

    /** The section of the reference page. */
    static final Reference REFERENCE =
            new Reference(
                    "tenants[].keys[]",
                    "The API keys of a tenant.",
                    List.of(NAME, SECRET, MODELS, QUOTAS, BUDGET, ROLES));

    /** The quotas' section of the reference page. */
    static final Reference QUOTAS_PAGE =
            Limits.ofCalls(
                    "tenants[].keys[].quotas", "Limits of one key; absent: the tenant's alone.");

    /** The budget's section of the reference page. */
    static final Reference BUDGET_PAGE =
            Budget.page(
                    "tenants[].keys[].budget",
                    "What may be spent with one key; absent: the tenant's alone.");

    KeyConfig {
        models = List.copyOf(models);
        roles = List.copyOf(roles);
    }

    /** Reads an entry of {@code keys}. */
    static KeyConfig from(Section section) {
        section.allow(REFERENCE.keys());
        List<String> roles = section.all(ROLES);
        return new KeyConfig(
                section.get(NAME),
                secretSha256(section),
                section.all(MODELS),
                Limits.from(section.section(QUOTAS.key()), QUOTAS_PAGE),
                Budget.from(section.section(BUDGET.key()), BUDGET_PAGE),
                roles.isEmpty() ? List.of("submit", "read", "usage") : roles);
    }

    KeyState state(String tenant) {
        return KeyState.newBuilder()
                .setKeyId(KeyIds.of(tenant, name))
                .setName(name)
                .setTenant(tenant)
                .setSecretSha256(secretSha256)
                .setRoles(roles)
                .setModels(models)
                .setRequestsPerMinute(limits.requestsPerMinute())
                .setTokensPerMinute(limits.tokensPerMinute())
                .setConcurrency(limits.concurrency())
                .setMonthlyNanoUsd(budget.monthlyNano())
                .setDailyNanoUsd(budget.dailyNano())
                .setMonthlyTokens(budget.monthlyTokens())
                .setDailyTokens(budget.dailyTokens())
                .build();
    }

    private static String secretSha256(Section section) {
        try {
            String secret = section.get(SECRET).reveal(section.environment());
            if (secret.length() < MIN_SECRET) {
                throw section.refusal(
                        SECRET.key(), "must have at least %d characters".formatted(MIN_SECRET));
            }
            return KeyIds.sha256(secret);
        } catch (IllegalArgumentException e) {
            throw section.refusal(SECRET.key(), String.valueOf(e.getMessage()));
        }
    }
}
