package io.millrace.standalone.bench;

import io.millrace.servicekit.lifecycle.StartedParts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** The processes of a benchmark: provider, broker (with its registry), and one of each service. */
final class BenchCluster implements AutoCloseable {

    private final StartedParts parts = new StartedParts();
    private final Map<String, ChildProcess> processes = new LinkedHashMap<>();
    private final BenchConfig config;
    private final BenchPorts ports = BenchPorts.free();
    private final Path folder;
    private final BenchPlan plan;

    private BenchCluster(Path folder, BenchPlan plan, BenchConfig config) {
        this.plan = plan;
        this.folder = folder;
        this.config = config;
    }

    /** Starts all of them below a folder. */
    static BenchCluster start(Path folder, BenchPlan plan, RandomGenerator random)
            throws InterruptedException {
        BenchCluster cluster = new BenchCluster(folder, plan, BenchConfig.drawn(random));
        try {
            cluster.start();
            return cluster;
        } catch (RuntimeException | InterruptedException e) {
            cluster.close();
            throw e;
        }
    }

    URI ingress() {
        return URI.create("http://127.0.0.1:" + ports.ingress());
    }

    String bootstrapServers() {
        return "127.0.0.1:" + ports.kafka();
    }

    Path ledger() {
        return folder.resolve("ledger.jsonl");
    }

    List<String> keys() {
        return config.keys();
    }

    /** Returns the id of a process. */
    long pid(String name) {
        ChildProcess process = processes.get(name);
        if (process == null) {
            throw new IllegalArgumentException("no process is named " + name);
        }
        return process.pid();
    }

    /** Processor time used so far, by the name of the process. */
    Map<String, Duration> cpu() {
        Map<String, Duration> used = new LinkedHashMap<>();
        processes.forEach((name, process) -> used.put(name, process.cpu()));
        return used;
    }

    @Override
    public void close() {
        parts.close();
    }

    private void start() throws InterruptedException {
        Path yaml = folder.resolve("millrace.yaml");
        try {
            Files.writeString(
                    yaml, config.yaml(ports, folder.resolve("blobs").toString(), plan.longCall()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + yaml, e);
        }
        run(
                "simulated-provider",
                List.of("--port", text(ports.provider()), "--ledger", ledger().toString()));
        run(
                "broker",
                List.of(
                        "--data",
                        folder.resolve("broker").toString(),
                        "--kafka-port",
                        text(ports.kafka()),
                        "--registry-port",
                        text(ports.registry())));
        for (String service : List.of("ingress", "dispatcher", "usage-aggregator")) {
            run(
                    service,
                    List.of(
                            "--config",
                            yaml.toString(),
                            "--data",
                            folder.resolve(service).toString(),
                            "--admin-port",
                            "0"));
        }
    }

    private void run(String command, List<String> flags) throws InterruptedException {
        List<String> arguments = new java.util.ArrayList<>(List.of(command));
        arguments.addAll(flags);
        ChildProcess process =
                ChildProcess.start(command, arguments, folder.resolve(command + ".log"));
        processes.put(command, parts.add(process));
    }

    private static String text(int port) {
        return Integer.toString(port);
    }
}
