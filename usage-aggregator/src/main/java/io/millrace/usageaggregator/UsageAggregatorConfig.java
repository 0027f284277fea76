package io.millrace.usageaggregator;

import io.millrace.servicekit.config.Reference;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.config.Setting;
import io.millrace.usageaggregator.usage.Retention;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * Where the usage-aggregator answers, and how long it keeps what.
 *
 * @param port port of the listener; 0 for a free one
 * @param bind address the listener is bound to
 * @param url how ingress and other instances reach this one
 * @param retention how long cells are kept
 */
public record UsageAggregatorConfig(int port, String bind, URI url, Retention retention) {

    private static final Setting<Integer> PORT =
            Setting.integer("port", "Port of the inner listener; 0 for a free one", 0, 65_535)
                    .withDefault("8082");
    private static final Setting<String> BIND =
            Setting.text("bind", "Address that the listener is bound to").withDefault("127.0.0.1");
    private static final Setting<URI> URL =
            Setting.url(
                            "url",
                            "How ingress reaches the usage-aggregator; its host is what other"
                                    + " instances reach this one at")
                    .withDefault("http://127.0.0.1:8082");
    private static final Setting<Duration> KEEP_MINUTES =
            Setting.duration(
                            "keep-minutes",
                            "How long sums by minute are kept, of which hours are made",
                            Duration.ofHours(1),
                            Duration.ofDays(90))
                    .withDefault("8d");
    private static final Setting<Duration> KEEP_DAYS =
            Setting.duration(
                            "keep-days",
                            "How long sums by day are kept",
                            Duration.ofDays(1),
                            Duration.ofDays(4_000))
                    .withDefault("400d");

    /** The section of the reference page. */
    public static final Reference REFERENCE =
            new Reference(
                    "usage-aggregator",
                    "The usage-aggregator: sums of usage and cost, asked by ingress.",
                    List.of(PORT, BIND, URL, KEEP_MINUTES, KEEP_DAYS));

    public UsageAggregatorConfig {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException(
                    "port must be between 0 and 65535, but was %d".formatted(port));
        }
    }

    /** Reads the section {@code usage-aggregator}. */
    public static UsageAggregatorConfig from(Section section) {
        section.allow(REFERENCE.keys());
        return new UsageAggregatorConfig(
                section.get(PORT),
                section.get(BIND),
                section.get(URL),
                new Retention(section.get(KEEP_MINUTES), section.get(KEEP_DAYS)));
    }
}
