package io.millrace.dispatcher;

import io.millrace.servicekit.config.Reference;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.config.Setting;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * The section {@code dispatcher} of the configuration.
 *
 * @param advertisedUrl how ingresses reach the admin port; empty for its own address
 * @param drain how long running calls may go on after SIGTERM
 * @param inFlight calls at the same time in one process
 * @param maxAttempts attempts a job may have
 */
public record DispatcherConfig(
        String advertisedUrl, Duration drain, int inFlight, int maxAttempts) {

    private static final Setting<URI> ADVERTISED =
            Setting.url(
                    "advertised-url",
                    "How ingresses reach the admin port of a dispatcher; absent: 127.0.0.1");
    private static final Setting<Duration> DRAIN =
            Setting.duration(
                            "drain",
                            "How long running calls may go on after SIGTERM",
                            Duration.ZERO,
                            Duration.ofHours(1))
                    .withDefault("120s");
    private static final Setting<Integer> IN_FLIGHT =
            Setting.integer("in-flight", "Calls at the same time in one process", 1, 100_000)
                    .withDefault("10000");
    private static final Setting<Integer> MAX_ATTEMPTS =
            Setting.integer("max-attempts", "Attempts a job may have", 1, 100).withDefault("4");

    /** The section of the reference page. */
    public static final Reference REFERENCE =
            new Reference(
                    "dispatcher",
                    "The dispatcher.",
                    List.of(ADVERTISED, DRAIN, IN_FLIGHT, MAX_ATTEMPTS));

    /** Reads the section. */
    public static DispatcherConfig from(Section dispatcher) {
        dispatcher.allow(REFERENCE.keys());
        return new DispatcherConfig(
                dispatcher.find(ADVERTISED).map(URI::toString).orElse(""),
                dispatcher.get(DRAIN),
                dispatcher.get(IN_FLIGHT),
                dispatcher.get(MAX_ATTEMPTS));
    }

    /** Returns the address that ingresses reach this process at. */
    String advertised(int adminPort) {
        return advertisedUrl.isEmpty() ? "http://127.0.0.1:" + adminPort : advertisedUrl;
    }
}
