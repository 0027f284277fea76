package io.millrace.ingress.control;

import io.millrace.schemas.avro.ModelQuota;
import io.millrace.servicekit.config.Reference;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.config.Setting;
import java.util.List;

/**
 * A tenant's limits for one model as the file names them.
 *
 * @param model name of the model, as {@code models[]} has it
 * @param quotas of calls to it
 * @param budget of what they cost
 */
record ModelQuotaConfig(String model, Limits quotas, Budget budget) {

    private static final Setting<String> MODEL =
            Setting.text("model", "Name of the model, as `models[]` has it");
    private static final Setting<String> QUOTAS =
            Setting.text("quotas", "See `tenants[].models[].quotas`");
    private static final Setting<String> BUDGET =
            Setting.text("budget", "See `tenants[].models[].budget`");

    /** The section of the reference page. */
    static final Reference REFERENCE =
            new Reference(
                    "tenants[].models[]",
                    "Limits of a tenant for one model, besides its own.",
                    List.of(MODEL, QUOTAS, BUDGET));

    /** The quotas' section of the reference page. */
    static final Reference QUOTAS_PAGE =
            Limits.ofCalls("tenants[].models[].quotas", "Limits for one model; absent: no limit.");

    /** The budget's section of the reference page. */
    static final Reference BUDGET_PAGE =
            Budget.page(
                    "tenants[].models[].budget",
                    "What a tenant may spend on one model; absent: no limit.");

    /** Reads an entry of {@code models}. */
    static ModelQuotaConfig from(Section section) {
        section.allow(REFERENCE.keys());
        return new ModelQuotaConfig(
                section.get(MODEL),
                Limits.from(section.section(QUOTAS.key()), QUOTAS_PAGE),
                Budget.from(section.section(BUDGET.key()), BUDGET_PAGE));
    }

    ModelQuota state() {
        return ModelQuota.newBuilder()
                .setModel(model)
                .setRequestsPerMinute(quotas.requestsPerMinute())
                .setTokensPerMinute(quotas.tokensPerMinute())
                .setConcurrency(quotas.concurrency())
                .setMonthlyNanoUsd(budget.monthlyNano())
                .setDailyNanoUsd(budget.dailyNano())
                .setMonthlyTokens(budget.monthlyTokens())
                .setDailyTokens(budget.dailyTokens())
                .build();
    }
}
