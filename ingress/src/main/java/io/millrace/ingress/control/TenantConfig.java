package io.millrace.ingress.control;

import io.millrace.schemas.avro.Delivery;
import io.millrace.schemas.avro.TenantState;
import io.millrace.servicekit.config.Reference;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.config.Setting;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tenant as the file names it.
 *
 * @param name of the tenant
 * @param weight in the fair share
 * @param keys its API keys
 * @param quotas its limits
 * @param budget its money and tokens
 * @param models its limits for single models
 * @param delivery what may happen after an attempt of unknown outcome
 * @param kafka its Kafka door
 * @param ipAllow networks that may call; empty for all
 * @param requestsPerMinuteByIp from one address; null for no limit
 */
record TenantConfig(
        String name,
        double weight,
        List<KeyConfig> keys,
        Limits quotas,
        Budget budget,
        List<ModelQuotaConfig> models,
        Delivery delivery,
        KafkaDoor kafka,
        List<String> ipAllow,
        @Nullable Long requestsPerMinuteByIp) {

    private static final String AT_MOST_ONCE = "at-most-once";

    private static final Setting<String> NAME = Names.entity("name", "Name of the tenant");
    private static final Setting<BigDecimal> WEIGHT =
            Setting.decimal("weight", "Weight in the fair share", "0.01", "1000").withDefault("1");
    private static final Setting<String> KEYS =
            Setting.text("keys", "List; see `tenants[].keys[]`");
    private static final Setting<String> QUOTAS = Setting.text("quotas", "See `tenants[].quotas`");
    private static final Setting<String> BUDGET = Setting.text("budget", "See `tenants[].budget`");
    private static final Setting<String> MODELS =
            Setting.text("models", "List; see `tenants[].models[]`");
    private static final Setting<String> DELIVERY =
            Setting.word(
                            "delivery",
                            "Whether a job may be called out again after an unknown outcome",
                            List.of("at-least-once", AT_MOST_ONCE))
                    .withDefault("at-least-once");
    private static final Setting<String> KAFKA = Setting.text("kafka", "See `tenants[].kafka`");
    private static final Setting<String> IP_ALLOW =
            Setting.text("ip-allow", "List of networks in CIDR notation that may call; empty: all");
    private static final Setting<String> BY_IP =
            Setting.text("limits-by-ip", "See `tenants[].limits-by-ip`");
    private static final Setting<Long> REQUESTS_BY_IP =
            Setting.number(
                    "requests-per-minute", "Requests a minute from one address", 1, 1_000_000_000L);

    /** The section of the reference page. */
    static final Reference REFERENCE =
            new Reference(
                    "tenants[]",
                    "Whose work it is.",
                    List.of(
                            NAME, WEIGHT, KEYS, QUOTAS, BUDGET, MODELS, DELIVERY, KAFKA, IP_ALLOW,
                            BY_IP));

    /** The quotas' section of the reference page. */
    static final Reference QUOTAS_PAGE =
            Limits.ofTenants("tenants[].quotas", "Limits of a tenant; absent: no limit.");

    /** The section of the reference page on addresses. */
    static final Reference BY_IP_PAGE =
            new Reference(
                    "tenants[].limits-by-ip", "Limits of one address.", List.of(REQUESTS_BY_IP));

    /** The budget's section of the reference page. */
    static final Reference BUDGET_PAGE =
            Budget.pageWithWarnings(
                    "tenants[].budget", "What a tenant may spend; absent: no limit.");

    /**
     * The Kafka door of a tenant.
     *
     * @param principal null for no door
     * @param results whether results are written to the tenant's topic
     */
    record KafkaDoor(@Nullable String principal, boolean results) {

        private static final Setting<String> PRINCIPAL =
                Setting.text("principal", "Kafka principal of the tenant, such as `User:acme`");
        private static final Setting<Boolean> RESULTS =
                Setting.flag("results", "Whether results are written to `results.<tenant>`")
                        .withDefault("false");

        /** The section of the reference page. */
        static final Reference REFERENCE =
                new Reference(
                        "tenants[].kafka",
                        "The Kafka door of a tenant; absent: none.",
                        List.of(PRINCIPAL, RESULTS));

        static KafkaDoor from(Section section) {
            section.allow(REFERENCE.keys());
            return new KafkaDoor(section.find(PRINCIPAL).orElse(null), section.get(RESULTS));
        }
    }

    TenantConfig {
        keys = List.copyOf(keys);
        models = List.copyOf(models);
        ipAllow = List.copyOf(ipAllow);
    }

    /** Reads an entry of {@code tenants}. */
    static TenantConfig from(Section section) {
        section.allow(REFERENCE.keys());
        Section byIp = section.section(BY_IP.key());
        byIp.allow(BY_IP_PAGE.keys());
        return new TenantConfig(
                section.get(NAME),
                section.get(WEIGHT).doubleValue(),
                keys(section),
                Limits.from(section.section(QUOTAS.key()), QUOTAS_PAGE),
                Budget.from(section.section(BUDGET.key()), BUDGET_PAGE),
                section.list(MODELS.key()).stream().map(ModelQuotaConfig::from).toList(),
                AT_MOST_ONCE.equals(section.get(DELIVERY))
                        ? Delivery.AT_MOST_ONCE
                        : Delivery.AT_LEAST_ONCE,
                KafkaDoor.from(section.section(KAFKA.key())),
                section.all(IP_ALLOW),
                byIp.find(REQUESTS_BY_IP).orElse(null));
    }

    TenantState state() {
        return TenantState.newBuilder()
                .setName(name)
                .setWeight(weight)
                .setDelivery(delivery)
                .setRequestsPerMinute(quotas.requestsPerMinute())
                .setTokensPerMinute(quotas.tokensPerMinute())
                .setConcurrency(quotas.concurrency())
                .setQueuedJobs(quotas.queuedJobs())
                .setQueuedTokens(quotas.queuedTokens())
                .setMonthlyNanoUsd(budget.monthlyNano())
                .setDailyNanoUsd(budget.dailyNano())
                .setWarnAt(budget.warnAt())
                .setKafkaPrincipal(kafka.principal())
                .setKafkaResults(kafka.results())
                .setIpAllow(ipAllow)
                .setRequestsPerMinuteByIp(requestsPerMinuteByIp)
                .setMonthlyTokens(budget.monthlyTokens())
                .setDailyTokens(budget.dailyTokens())
                .setModels(models.stream().map(ModelQuotaConfig::state).toList())
                .build();
    }

    private static List<KeyConfig> keys(Section section) {
        List<Section> entries = section.list(KEYS.key());
        Set<String> names = new HashSet<>();
        for (int i = 0; i < entries.size(); i++) {
            String name = entries.get(i).get(Names.apiKey("name", "Name of the key"));
            if (!names.add(name)) {
                throw section.refusal(
                        "keys[%d].name".formatted(i), "there is another key '%s'".formatted(name));
            }
        }
        return entries.stream().map(KeyConfig::from).toList();
    }
}
