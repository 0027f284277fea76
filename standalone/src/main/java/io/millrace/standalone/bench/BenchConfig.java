package io.millrace.standalone.bench;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The configuration of a benchmark's deployment.
 *
 * @param masterKey shared by the services
 * @param keys API keys, one a tenant
 */
record BenchConfig(String masterKey, List<String> keys) {

    /** A model that answers at once. */
    static final String INSTANT = "instant";

    /** A model that takes 20 ms. */
    static final String STEADY = "steady";

    /** A model that takes as long as the plan says. */
    static final String LONG = "long";

    /** A model that takes 200 ms, at a provider of few slots. */
    static final String NARROW = "narrow";

    /** Calls at the same time that the provider of {@link #NARROW} takes. */
    static final int NARROW_SLOTS = 64;

    static final int SLOTS = 16;
    static final int TENANTS = 50;

    BenchConfig {
        keys = List.copyOf(keys);
    }

    static BenchConfig drawn(RandomGenerator random) {
        return new BenchConfig(
                digits(random),
                IntStream.range(0, TENANTS).mapToObj(_ -> "mr_" + digits(random)).toList());
    }

    /** Returns millrace.yaml. */
    String yaml(BenchPorts ports, String blobs, Duration longCall) {
        StringBuilder yaml = new StringBuilder();
        yaml.append(
                """
                kafka:
                  bootstrap-servers: "127.0.0.1:%d"
                  schema-registry: http://127.0.0.1:%d
                  replication-factor: 1
                  slots: %d
                ingress: {port: %d, advertised-url: "http://127.0.0.1:%4$d"}
                usage-aggregator: {port: %d, url: "http://127.0.0.1:%5$d"}
                auth: {master-key: "%s"}
                blobs: {directory: "%s"}
                providers:
                  - name: simulated
                    dialect: openai
                    base-url: http://127.0.0.1:%d/v1
                    api-key: not-a-secret
                    limits: {concurrency: 20000}
                    timeouts: {response: 120s, idle: 60s}
                  - name: narrow
                    dialect: openai
                    base-url: http://127.0.0.1:%8$d/v1
                    api-key: not-a-secret
                    limits: {concurrency: %9$d}
                models:
                  - {name: instant, targets: [{provider: simulated, model: sim}], price: {input: 1, output: 2}}
                  - {name: long, targets: [{provider: simulated, model: sim-%10$dms}], price: {input: 1, output: 2}}
                  - {name: narrow, targets: [{provider: narrow, model: sim-200ms}], price: {input: 1, output: 2}}
                  - {name: steady, targets: [{provider: simulated, model: sim-20ms}], price: {input: 1, output: 2}}
                tenants:
                """
                        .formatted(
                                ports.kafka(),
                                ports.registry(),
                                SLOTS,
                                ports.ingress(),
                                ports.aggregator(),
                                masterKey,
                                blobs,
                                ports.provider(),
                                NARROW_SLOTS,
                                longCall.toMillis()));
        for (int i = 0; i < keys.size(); i++) {
            yaml.append(
                    "  - {name: bench-%d, keys: [{name: bench, secret: \"%s\", models: [\"*\"], roles: [submit, read]}]}\n"
                            .formatted(i, keys.get(i)));
        }
        return yaml.toString();
    }

    @Override
    public String toString() {
        return "BenchConfig[tenants=%d]".formatted(keys.size());
    }

    private static String digits(RandomGenerator random) {
        byte[] drawn = new byte[32];
        random.nextBytes(drawn);
        return HexFormat.of().formatHex(drawn);
    }
}
