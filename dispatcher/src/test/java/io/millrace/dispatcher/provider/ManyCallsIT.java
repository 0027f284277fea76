package io.millrace.dispatcher.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.servicekit.http.Json;
import io.millrace.servicekit.http.Trust;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many calls at the same time in one process, against a provider in another, plain and by TLS. The
 * full size is {@code -Dcalls=10000}, which needs 12,000 file descriptors in each.
 */
@Timeout(1_200)
class ManyCallsIT {

    private static final Logger LOG = LoggerFactory.getLogger(ManyCallsIT.class);
    private static final int CALLS = Integer.getInteger("calls", 1_000);
    private static final int MOST_KIBIBYTES = 768 * 1024;
    private static final int MOST_THREADS = 60;

    // Long enough for all to be made before the first one ends, on a machine that does other work.
    private static final String MODEL = "sim-%ds".formatted(20 + CALLS / 50);
    private static final Duration PATIENCE = ManyCalls.LONG;

    @TempDir private Path folder;
    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callsInFlightHoldOnFewThreadsAndLittleMemory(boolean secure) throws Exception {
        // Given
        Path pem = folder.resolve("ca.pem");
        String url = simulated(secure ? List.of("--tls", pem.toString()) : List.of());
        List<String> trusted = secure ? List.of(pem.toString()) : List.of();

        // When
        Process caller = caller(url, trusted);
        awaitAllRunning(url, secure ? Trust.of(pem) : Trust.JVM, caller);
        caller.outputWriter().write("\n");
        caller.outputWriter().flush();

        // Then
        try (BufferedReader out = caller.inputReader(StandardCharsets.UTF_8)) {
            List<Integer> taken =
                    Arrays.stream(out.readLine().split(" ", -1)).map(Integer::valueOf).toList();
            LOG.atInfo()
                    .addKeyValue("calls", CALLS)
                    .addKeyValue("tls", secure)
                    .addKeyValue("kibibytes", taken.get(0))
                    .addKeyValue("platformThreads", taken.get(1))
                    .log("calls in flight");
            assertThat(taken.get(0)).isLessThanOrEqualTo(MOST_KIBIBYTES);
            assertThat(taken.get(1)).isLessThanOrEqualTo(MOST_THREADS);
            assertThat(out.readLine()).isEqualTo(Integer.toString(CALLS));
        }
    }

    private String simulated(List<String> options) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--port", "0"));
        arguments.addAll(options);
        Process process =
                start(List.of(), "io.millrace.simulatedprovider.SimulatedProviderMain", arguments);
        String ready = process.inputReader(StandardCharsets.UTF_8).readLine();
        return ready.substring(ready.lastIndexOf(' ') + 1);
    }

    private Process caller(String url, List<String> trusted) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(url, MODEL, Integer.toString(CALLS)));
        arguments.addAll(trusted);
        return start(List.of("-Xmx512m"), ManyCalls.class.getName(), arguments);
    }

    private Process start(List<String> options, String main, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
        command.addAll(arguments);
        Process process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        processes.add(process);
        return process;
    }

    /** Waits until the provider has all calls at the same time. */
    private static void awaitAllRunning(String url, Trust trust, Process caller)
            throws IOException, InterruptedException {
        HttpRequest summary = HttpRequest.newBuilder(URI.create(url + "/ledger/summary")).build();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (HttpClient client = HttpClient.newBuilder().sslContext(trust.context()).build()) {
            int running = 0;
            while (running < CALLS) {
                running =
                        Json.parse(client.send(summary, BodyHandlers.ofByteArray()).body())
                                .path("running")
                                .asInt();
                assertThat(System.nanoTime()).as("%d run", running).isLessThan(deadline);
                assertThat(caller.isAlive()).isTrue();
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
            }
        }
    }
}
