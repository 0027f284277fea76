package io.millrace.ingress.control;

import io.millrace.schemas.money.NanoDollars;
import io.millrace.servicekit.config.Reference;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.config.Setting;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may be spent in a UTC day and month; null is no limit.
 *
 * @param monthlyNano nano-dollars a month
 * @param dailyNano nano-dollars a day
 * @param monthlyTokens tokens a month
 * @param dailyTokens tokens a day
 * @param warnAt shares in per cent at which to warn; of tenants only
 */
record Budget(
        @Nullable Long monthlyNano,
        @Nullable Long dailyNano,
        @Nullable Long monthlyTokens,
        @Nullable Long dailyTokens,
        List<Integer> warnAt) {

    private static final String MOST = "1000000000";
    private static final long MOST_TOKENS = 1_000_000_000_000L;
    private static final Setting<BigDecimal> MONTHLY =
            Setting.decimal("monthly-usd", "USD a UTC month", "0", MOST);
    private static final Setting<BigDecimal> DAILY =
            Setting.decimal("daily-usd", "USD a UTC day", "0", MOST);
    private static final Setting<Long> MONTHLY_TOKENS =
            Setting.number("monthly-tokens", "Tokens a UTC month", 0, MOST_TOKENS);
    private static final Setting<Long> DAILY_TOKENS =
            Setting.number("daily-tokens", "Tokens a UTC day", 0, MOST_TOKENS);
    private static final Setting<Integer> WARN_AT =
            Setting.integer("warn-at", "List of shares in per cent at which to warn", 1, 100);

    private static final List<Setting<?>> OF_SPENDING =
            List.of(MONTHLY, DAILY, MONTHLY_TOKENS, DAILY_TOKENS);

    Budget {
        warnAt = List.copyOf(warnAt);
    }

    /** Returns the page of a budget without warnings. */
    static Reference page(String path, String doc) {
        return new Reference(path, doc, OF_SPENDING);
    }

    /** Returns the page of a budget with warnings. */
    static Reference pageWithWarnings(String path, String doc) {
        List<Setting<?>> all = new ArrayList<>(OF_SPENDING);
        all.add(WARN_AT);
        return new Reference(path, doc, all);
    }

    /** Reads a section that may have the keys of that page. */
    static Budget from(Section section, Reference page) {
        section.allow(page.keys());
        return new Budget(
                nano(section, MONTHLY),
                nano(section, DAILY),
                section.find(MONTHLY_TOKENS).orElse(null),
                section.find(DAILY_TOKENS).orElse(null),
                section.all(WARN_AT));
    }

    private static @Nullable Long nano(Section section, Setting<BigDecimal> setting) {
        try {
            return section.find(setting).map(usd -> NanoDollars.ofUsd(usd).amount()).orElse(null);
        } catch (ArithmeticException e) {
            throw section.refusal(setting.key(), "must have at most nine decimals");
        }
    }
}
