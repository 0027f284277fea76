package io.millrace.dispatcher.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.provider.http.AnswerMemory;
import io.millrace.dispatcher.provider.http.HttpLimits;
import io.millrace.dispatcher.provider.http.Transport;
import io.millrace.dispatcher.provider.json.JsonProvider;
import io.millrace.dispatcher.provider.openai.OpenAi;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Many calls of ten seconds at the same time in one process, against a provider in another. The
 * full size is {@code -Dcalls=10000}, which needs 12,000 file descriptors in each.
 */
@Timeout(180)
class ManyCallsIT {

    private static final Logger LOG = LoggerFactory.getLogger(ManyCallsIT.class);
    private static final int CALLS = Integer.getInteger("calls", 1_000);
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int MOST_THREADS = 60;

    @Test
    void callsInFlightHoldOnFewThreads() throws IOException {
        // Given
        Process simulated = start();
        try (BufferedReader out = simulated.inputReader(StandardCharsets.UTF_8);
                JsonProvider provider = provider(url(out))) {
            List<VirtualCall<Outcome>> calls = new ArrayList<>();

            // When
            for (int i = 0; i < CALLS; i++) {
                calls.add(new VirtualCall<>(() -> provider.call(Calls.chat("sim-10s", LONG))));
            }
            calls.getFirst().result();
            int threads = ManagementFactory.getThreadMXBean().getThreadCount();
            String memory = residentMemory();

            // Then
            LOG.atInfo()
                    .addKeyValue("calls", CALLS)
                    .addKeyValue("platformThreads", threads)
                    .addKeyValue("memory", memory)
                    .log("calls in flight");
            assertThat(calls).allMatch(call -> call.result() instanceof Outcome.Completed);
            assertThat(threads).isLessThanOrEqualTo(MOST_THREADS);
        } finally {
            simulated.destroy();
        }
    }

    private static Process start() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.millrace.simulatedprovider.SimulatedProviderMain",
                        "--port",
                        "0")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String url(BufferedReader out) throws IOException {
        String ready = out.readLine();
        return ready.substring(ready.lastIndexOf(' ') + 1);
    }

    private static JsonProvider provider(String url) {
        return new JsonProvider(
                new OpenAi(),
                "sim",
                url + "/v1",
                List::of,
                HttpLimits.of(CALLS, LONG, LONG, LONG),
                Transport.DEFAULT,
                AnswerMemory.ofHeap(),
                InstantSource.system());
    }

    private static String residentMemory() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.exists(status)) {
            return "unknown";
        }
        try (var lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS")).findFirst().orElse("unknown");
        }
    }
}
