package io.millrace.standalone.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ingress.http.ServerTls;
import io.millrace.schemas.id.Slots;
import io.millrace.simulatedprovider.ledger.Call;
import io.millrace.simulatedprovider.ledger.LedgerFile;
import io.millrace.simulatedprovider.tls.SelfSigned;
import io.millrace.standalone.data.PortsFile;
import io.millrace.standalone.process.LoopbackPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;

/** A deployment of separate processes: broker, provider, and as many of each service as started. */
final class Cluster implements AutoCloseable {

    /** The key of the tenant acme, who may do everything a tenant may. */
    static final String KEY = "mr_test_acme_0123456789abcdef";

    /** The key of another tenant. */
    static final String OTHER_KEY = "mr_test_umbra_0123456789abcdef";

    /** Slots of the cluster. */
    static final int SLOTS = 8;

    private static final int TEAMS = 8;

    /** The key of a tenant with quotas: 100 requests a minute, 5 at a time. */
    static final String PACED_KEY = "mr_test_paced_0123456789abcdef";

    /** The key of a tenant with a budget of 0.10 USD a day. */
    static final String THRIFTY_KEY = "mr_test_thrifty_0123456789abcdef";

    /** The key of the tenant narrow, who may make one call at a time. */
    static final String NARROW_KEY = "mr_test_narrow_0123456789abcdef";

    /** The key of a tenant in the same slot as narrow. */
    static final String NEIGHBOUR_KEY = "mr_test_neighbour_0123456789abcdef";

    /** The key of the tenant crowded, of whom five jobs may be queued. */
    static final String CROWDED_KEY = "mr_test_crowded_0123456789abcdef";

    /** The key of the tenant porter, who produces to Kafka. */
    static final String PORTER_KEY = "mr_test_porter_0123456789abcdef";

    private final Path folder;
    private final Path yaml;
    private final Deque<MillraceProcess> processes = new ArrayDeque<>();
    private final List<LoopbackPort> free =
            LoopbackPort.claimed(Collections.nCopies(4, new LoopbackPort(0, "--port")));
    private final int kafkaPort = free.get(0).number();
    private final int registryPort = free.get(1).number();
    private final int aggregatorPort = free.get(2).number();
    private final int providerPort = free.get(3).number();

    private final String bootstrap;
    private final URI registry;
    private final boolean secure;
    private final SelfSigned identity = SelfSigned.make(Instant.now());
    private Optional<MillraceProcess> firstBroker = Optional.empty();

    private Cluster(Path folder, boolean secure) {
        this.secure = secure;
        this.folder = folder;
        this.yaml = folder.resolve("millrace.yaml");
        this.bootstrap = "127.0.0.1:" + kafkaPort;
        this.registry = URI.create("http://127.0.0.1:" + registryPort);
    }

    private Cluster(Path folder, String bootstrap, URI registry) {
        this.secure = false;
        this.folder = folder;
        this.yaml = folder.resolve("millrace.yaml");
        this.bootstrap = bootstrap;
        this.registry = registry;
    }

    /** Starts broker and provider. */
    static Cluster start(Path folder) {
        return new Cluster(folder, false).started(true);
    }

    /**
     * Starts broker and provider, which speaks TLS and knows its callers by their keys; ingresses
     * will speak TLS too.
     */
    static Cluster startSecure(Path folder) {
        return new Cluster(folder, true).started(true);
    }

    /** Starts the provider, beside a broker and a registry that run already. */
    static Cluster beside(Path folder, String bootstrap, URI registry) {
        return new Cluster(folder, bootstrap, registry).started(false);
    }

    private Cluster started(boolean withBroker) {
        try {
            Files.writeString(yaml, configuration());
            Files.writeString(certificate(), identity.pem());
            Files.writeString(certificateKey(), identity.keyPem());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            MillraceProcess provider = begin(providerCommand());
            if (withBroker) {
                firstBroker = Optional.of(broker());
            }
            provider.ready();
            return this;
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    /** The broker that was started with the cluster. */
    MillraceProcess firstBroker() {
        return firstBroker.orElseThrow();
    }

    /** Starts the broker, anew after it was killed. */
    MillraceProcess broker() {
        return begin(
                        List.of(
                                "broker",
                                "--data",
                                folder.resolve("broker").toString(),
                                "--kafka-port",
                                text(kafkaPort),
                                "--registry-port",
                                text(registryPort)))
                .ready();
    }

    /** Begins a service; its readiness is still to be awaited. */
    MillraceProcess begin(String service, String name) {
        List<String> line = new ArrayList<>();
        line.addAll(List.of(service, "--config", yaml.toString(), "--admin-port", "0"));
        line.addAll(List.of("--data", folder.resolve(name).toString()));
        if (service.equals("ingress")) {
            line.addAll(List.of("--port", "0"));
        }
        return begin(line);
    }

    /** Begins an ingress that takes bodies of 16 MiB, with a heap of that size. */
    MillraceProcess beginWideIngress(String name, String heap) {
        Path wide = folder.resolve(name + ".yaml");
        try {
            Files.writeString(wide, configuration().replace("body: 4MiB", "body: 16MiB"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> line = new ArrayList<>();
        line.addAll(List.of("ingress", "--config", wide.toString(), "--admin-port", "0"));
        line.addAll(List.of("--data", folder.resolve(name).toString(), "--port", "0"));
        MillraceProcess process = MillraceProcess.start(folder.resolve("logs"), heap, line);
        processes.push(process);
        return process;
    }

    /** Begins several services side by side and waits until all are ready. */
    List<MillraceProcess> ready(MillraceProcess... begun) {
        List<MillraceProcess> all = List.of(begun);
        all.forEach(MillraceProcess::ready);
        return all;
    }

    /** The API at an ingress, with acme's key. */
    Api api(MillraceProcess ingress) {
        URI address = URI.create(ingress.address().orElseThrow());
        return secure ? Api.secure(address, KEY, trust()) : new Api(address, KEY);
    }

    /** The cluster as the tenant porter sees it, who needs nothing of ours to do so. */
    Porter porter() {
        return new Porter(bootstrap, registry);
    }

    Topics topics() {
        return new Topics(bootstrap, registry);
    }

    /** How many calls a dispatcher says it has in flight. */
    long inFlight(String name) {
        return admin(name)
                .get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("millrace_dispatcher_in_flight"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    /** What a dispatcher shows of itself. */
    JsonNode dispatcher(String name) {
        return admin(name).get("/v1/admin/dispatchers").json();
    }

    private Api admin(String name) {
        Integer port =
                new PortsFile(folder.resolve(name).resolve("run").resolve("ports.json"))
                        .read()
                        .get("admin");
        return new Api(URI.create("http://127.0.0.1:" + port), "");
    }

    /** Every call that reached the provider. */
    List<Call> calls() {
        return LedgerFile.calls(ledger());
    }

    @Override
    public void close() {
        while (!processes.isEmpty()) {
            processes.pop().close();
        }
    }

    private MillraceProcess begin(List<String> line) {
        MillraceProcess process = MillraceProcess.start(folder.resolve("logs"), line);
        processes.push(process);
        return process;
    }

    private List<String> providerCommand() {
        List<String> line = new ArrayList<>();
        line.addAll(List.of("simulated-provider", "--port", text(providerPort)));
        line.addAll(List.of("--ledger", ledger().toString(), "--seed", "7"));
        if (secure) {
            line.addAll(List.of("--tls", authority().toString(), "--api-key", "none-needed"));
            line.addAll(List.of("--tokens-per-minute", "1000000000", "--limits-per-key"));
        }
        return line;
    }

    private Path authority() {
        return folder.resolve("provider.pem");
    }

    private String provider() {
        return secure
                ? "base-url: \"https://127.0.0.1:%d/v1\", tls: {ca: \"%s\"}"
                        .formatted(providerPort, authority())
                : "base-url: \"http://127.0.0.1:%d/v1\"".formatted(providerPort);
    }

    private Path certificate() {
        return folder.resolve("ingress.pem");
    }

    private Path certificateKey() {
        return folder.resolve("ingress.key");
    }

    private String ingressTls() {
        return secure
                ? ", tls: {certificate: \"file:%s\", key: \"file:%s\"}"
                        .formatted(certificate(), certificateKey())
                : "";
    }

    private SSLContext trust() {
        return ServerTls.of(identity.pem(), identity.keyPem()).peers();
    }

    private Path ledger() {
        return folder.resolve("ledger.jsonl");
    }

    private String configuration() {
        return """
        kafka:
          bootstrap-servers: "%s"
          schema-registry: %s
          replication-factor: 1
          slots: 8
        ingress: {limits: {body: 4MiB}%s}
        usage-aggregator: {port: %d, url: "http://127.0.0.1:%4$d"}
        auth: {master-key: test-master-key-of-more-than-32-bytes}
        blobs: {directory: "%s"}
        dispatcher: {drain: 30s}
        webhooks: {allow-private-networks: true}
        providers:
          - {name: simulated, dialect: openai, %s, api-key: none-needed, limits: {concurrency: 500}}
        models:
          - {name: fast, targets: [{provider: simulated, model: sim-10ms}], price: {input: 1, output: 2}}
          - {name: slow, targets: [{provider: simulated, model: sim-2s}], price: {input: 1, output: 2}}
          - {name: long, targets: [{provider: simulated, model: sim-6s}], price: {input: 1, output: 2}}
          - {name: busy, targets: [{provider: simulated, model: sim-red-50ms}], price: {input: 1, output: 2}}
          - {name: shaky, targets: [{provider: simulated, model: sim-10ms-429-after-250ms-first-1}], price: {input: 1, output: 2}}
          - {name: flaky, targets: [{provider: simulated, model: sim-10ms-429-after-250ms-5%%-500-5%%}], price: {input: 1, output: 2}}
          - {name: later, targets: [{provider: simulated, model: sim-10ms-503-after-4s-first-2}], price: {input: 1, output: 2}}
          - {name: outage, targets: [{provider: simulated, model: sim-503-after-20s}], price: {input: 1, output: 2}}
          - {name: lying, targets: [{provider: simulated, model: sim-usage-negative}], price: {input: 1, output: 2}}
          - {name: dear, targets: [{provider: simulated, model: sim-50ms}], price: {input: 0, output: 1000}}
          - {name: broken, targets: [{provider: simulated, model: sim-400}], price: {input: 1, output: 2}}
        tenants:
          - {name: acme, keys: [{name: test, secret: %s, models: ["*"], roles: [submit, read, usage, tenant-admin]}]}
          - {name: umbra, keys: [{name: test, secret: %s, models: [fast], roles: [submit, read, usage]}]}
          - name: paced
            keys: [{name: test, secret: %s, roles: [submit, read, usage]}]
            quotas: {requests-per-minute: 100, concurrency: 5}
          - name: thrifty
            keys: [{name: test, secret: %s, roles: [submit, read, usage]}]
            budget: {daily-usd: 0.10}
          - name: narrow
            keys: [{name: test, secret: %s, roles: [submit, read]}]
            quotas: {concurrency: 1}
          - name: crowded
            keys: [{name: test, secret: %s, roles: [submit, read]}]
            quotas: {queued-jobs: 5}
          - {name: %s, keys: [{name: test, secret: %s, roles: [submit, read]}]}
          - name: porter
            keys: [{name: test, secret: %s, roles: [submit, read]}]
            kafka: {principal: "User:porter", results: true}
          %s
        """
                .formatted(
                        bootstrap,
                        registry,
                        ingressTls(),
                        aggregatorPort,
                        folder.resolve("blobs"),
                        provider(),
                        KEY,
                        OTHER_KEY,
                        PACED_KEY,
                        THRIFTY_KEY,
                        NARROW_KEY,
                        CROWDED_KEY,
                        neighbour(),
                        NEIGHBOUR_KEY,
                        PORTER_KEY,
                        teams());
    }

    /** The name of a tenant in the same slot as narrow. */
    private static String neighbour() {
        Slots slots = new Slots(SLOTS);
        return IntStream.range(0, 1_000)
                .mapToObj("beside-%d"::formatted)
                .filter(name -> slots.of(name) == slots.of("narrow"))
                .findFirst()
                .orElseThrow();
    }

    /** Tenants that live in several slots, so that a slot that moves has work. */
    private static String teams() {
        return IntStream.range(0, TEAMS)
                .mapToObj(i ->
                        "- {name: team-%d, keys: [{name: test, secret: %s, models: [\"*\"], roles: [submit, read]}]}"
                                .formatted(i, teamKey(i)))
                .collect(Collectors.joining("\n  "));
    }

    private static String teamKey(int team) {
        return "mr_test_team%d_0123456789abcdef".formatted(team);
    }

    /** The API at an ingress for each of several tenants, who live in several slots. */
    List<Api> teams(MillraceProcess ingress) {
        URI address = URI.create(ingress.address().orElseThrow());
        return IntStream.range(0, TEAMS).mapToObj(i -> new Api(address, teamKey(i))).toList();
    }

    private static String text(int port) {
        return Integer.toString(port);
    }
}
