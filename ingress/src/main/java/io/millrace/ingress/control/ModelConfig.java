package io.millrace.ingress.control;

import io.millrace.schemas.avro.ModelState;
import io.millrace.schemas.avro.TargetState;
import io.millrace.schemas.money.NanoDollars;
import io.millrace.servicekit.config.Reference;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.config.Setting;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model as the file names it: what clients ask for, where it goes and what it costs.
 *
 * @param name that clients ask for; one trailing * allowed
 * @param aliases other names of it
 * @param strategy how a target is chosen
 * @param targets where calls may go
 * @param fallbacks models to use instead when all targets are out
 * @param price of its tokens
 * @param maxOutputTokens to reserve when a request names none; null for the deployment's
 * @param cacheTtl how long answers may be cached; null for never
 */
record ModelConfig(
        String name,
        List<String> aliases,
        String strategy,
        List<Target> targets,
        List<String> fallbacks,
        PriceConfig price,
        @Nullable Long maxOutputTokens,
        @Nullable Duration cacheTtl) {

    private static final Setting<String> NAME =
            Names.model("name", "What clients ask for; one trailing * allowed");
    private static final Setting<String> ALIASES = Names.model("aliases", "List of other names");
    private static final Setting<String> STRATEGY =
            Setting.word(
                            "strategy",
                            "How a target is chosen",
                            List.of("weighted", "least-in-flight", "latency", "cost", "failover"))
                    .withDefault("weighted");
    private static final Setting<String> TARGETS =
            Setting.text("targets", "List; see `models[].targets[]`");
    private static final Setting<String> FALLBACKS =
            Names.model("fallbacks", "List of models to use instead when all targets are out");
    private static final Setting<String> PRICE = Setting.text("price", "See `models[].price`");
    private static final Setting<String> DEFAULTS =
            Setting.text("defaults", "See `models[].defaults`");
    private static final Setting<String> CACHE = Setting.text("cache", "See `models[].cache`");
    private static final Setting<Long> MAX_OUTPUT =
            Setting.number(
                    "max-output-tokens",
                    "Output tokens to reserve when a request names none",
                    1,
                    10_000_000);
    private static final Setting<Duration> TTL =
            Setting.duration(
                    "ttl",
                    "How long answers may be cached; absent: never",
                    Duration.ofSeconds(1),
                    Duration.ofDays(30));

    /** The section of the reference page. */
    static final Reference REFERENCE =
            new Reference(
                    "models[]",
                    "What clients ask for, where it goes and what it costs.",
                    List.of(NAME, ALIASES, STRATEGY, TARGETS, FALLBACKS, PRICE, DEFAULTS, CACHE));

    /** The section of the reference page on defaults. */
    static final Reference DEFAULTS_PAGE =
            new Reference(
                    "models[].defaults",
                    "What holds when a request is silent.",
                    List.of(MAX_OUTPUT));

    /** The section of the reference page on the cache. */
    static final Reference CACHE_PAGE =
            new Reference("models[].cache", "Whether answers may be re-used.", List.of(TTL));

    /**
     * Where calls may go.
     *
     * @param provider name of the provider
     * @param model name at that provider
     * @param weight share under the weighted strategy
     * @param cost what a million tokens cost us there; null for the model's price
     */
    record Target(String provider, String model, int weight, @Nullable NanoDollars cost) {

        private static final Setting<String> PROVIDER =
                Names.entity("provider", "Name of the provider");
        private static final Setting<String> MODEL =
                Setting.text("model", "Name of the model at that provider");
        private static final Setting<Integer> WEIGHT =
                Setting.integer("weight", "Share under the weighted strategy", 1, 1_000_000)
                        .withDefault("1");
        private static final Setting<BigDecimal> COST =
                Setting.decimal(
                        "cost",
                        "USD a million tokens that the provider charges us, for the strategy `cost`; absent: the mean of the model's prices",
                        "0",
                        PriceConfig.MOST);

        /** The section of the reference page. */
        static final Reference REFERENCE =
                new Reference(
                        "models[].targets[]",
                        "Where calls may go.",
                        List.of(PROVIDER, MODEL, WEIGHT, COST));

        static Target from(Section section) {
            section.allow(REFERENCE.keys());
            return new Target(
                    section.get(PROVIDER),
                    section.get(MODEL),
                    section.get(WEIGHT),
                    section.find(COST)
                            .map(usd -> PriceConfig.money(section, COST, usd))
                            .orElse(null));
        }
    }

    /**
     * What a million tokens cost.
     *
     * @param cachedInput null for the price of input
     */
    record PriceConfig(NanoDollars input, NanoDollars output, @Nullable NanoDollars cachedInput) {

        private static final String MOST = "1000000";
        private static final Setting<BigDecimal> INPUT =
                Setting.decimal("input", "USD a million input tokens", "0", MOST).withDefault("0");
        private static final Setting<BigDecimal> OUTPUT =
                Setting.decimal("output", "USD a million output tokens", "0", MOST)
                        .withDefault("0");
        private static final Setting<BigDecimal> CACHED =
                Setting.decimal(
                        "cached-input",
                        "USD a million input tokens from the provider's cache; absent: as input",
                        "0",
                        MOST);

        /** The section of the reference page. */
        static final Reference REFERENCE =
                new Reference(
                        "models[].price", "What tokens cost.", List.of(INPUT, OUTPUT, CACHED));

        static PriceConfig from(Section section) {
            section.allow(REFERENCE.keys());
            return new PriceConfig(
                    money(section, INPUT, section.get(INPUT)),
                    money(section, OUTPUT, section.get(OUTPUT)),
                    section.find(CACHED).map(usd -> money(section, CACHED, usd)).orElse(null));
        }

        private static NanoDollars money(
                Section section, Setting<BigDecimal> setting, BigDecimal usd) {
            try {
                return NanoDollars.ofUsd(usd);
            } catch (ArithmeticException e) {
                throw section.refusal(
                        setting.key(), "must have at most nine decimals, but was " + usd);
            }
        }
    }

    ModelConfig {
        aliases = List.copyOf(aliases);
        targets = List.copyOf(targets);
        fallbacks = List.copyOf(fallbacks);
    }

    /** Reads an entry of {@code models}. */
    static ModelConfig from(Section section) {
        section.allow(REFERENCE.keys());
        List<Target> targets = section.list(TARGETS.key()).stream().map(Target::from).toList();
        if (targets.isEmpty()) {
            throw section.refusal(TARGETS.key(), "must name at least one target");
        }
        Section defaults = section.section(DEFAULTS.key());
        defaults.allow(DEFAULTS_PAGE.keys());
        Section cache = section.section(CACHE.key());
        cache.allow(CACHE_PAGE.keys());
        return new ModelConfig(
                section.get(NAME),
                section.all(ALIASES),
                section.get(STRATEGY),
                targets,
                section.all(FALLBACKS),
                PriceConfig.from(section.section(PRICE.key())),
                defaults.find(MAX_OUTPUT).orElse(null),
                cache.find(TTL).orElse(null));
    }

    /** Returns the state without a price version, which is known only beside the state before. */
    ModelState state() {
        return ModelState.newBuilder()
                .setName(name)
                .setAliases(aliases)
                .setStrategy(strategy)
                .setTargets(
                        targets.stream()
                                .map(target ->
                                        new TargetState(
                                                target.provider(),
                                                target.model(),
                                                target.weight(),
                                                target.cost() == null
                                                        ? null
                                                        : target.cost().amount()))
                                .toList())
                .setFallbacks(fallbacks)
                .setInputNanoUsdPerMillion(price.input().amount())
                .setOutputNanoUsdPerMillion(price.output().amount())
                .setCachedInputNanoUsdPerMillion(
                        price.cachedInput() == null ? null : price.cachedInput().amount())
                .setMaxOutputTokens(maxOutputTokens)
                .setCacheTtlMs(cacheTtl == null ? null : cacheTtl.toMillis())
                .build();
    }
}
