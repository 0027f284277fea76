package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** R15: large bodies, slow bodies and slow headers neither fill the heap nor keep others out. */
@Timeout(400)
final class MemoryIT {

    private static final int MIB = 1024 * 1024;
    private static final int LARGE_BODIES = 500;
    private static final int LARGE_CLIENTS = 50;
    private static final int SLOW_CLIENTS = 50;
    private static final int GOOD = 200;
    private static final int BEYOND_WHAT_IS_FREE = 16 * 1024;
    private static final long DRIP_NANOS = Duration.ofMillis(500).toNanos();

    // the rate of the good traffic, not a wait for something to happen
    private static final long PACE_NANOS = Duration.ofMillis(50).toNanos();

    // a bound for hangs: the machine is busy with gigabytes of bodies
    private static final Duration SERVED = Duration.ofSeconds(10);

    private final AtomicBoolean over = new AtomicBoolean();
    private final Cluster cluster;

    MemoryIT(@TempDir Path folder) {
        this.cluster = Cluster.start(folder);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void goodTrafficIsServedBesideLargeAndSlowBodies() throws Exception {
        // Given
        MillraceProcess ingress = cluster.beginWideIngress("ingress", "512m").ready();
        Api good = cluster.api(ingress);
        Spread quiet = new Spread(submit(good));
        // When
        ConcurrentLinkedQueue<Integer> large = new ConcurrentLinkedQueue<>();
        Spread meanwhile;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Drips _ = () -> over.set(true)) {
            for (int i = 0; i < SLOW_CLIENTS; i++) {
                threads.execute(() -> drip(good.base(), "X-Slow: ", 0));
                threads.execute(() ->
                        drip(
                                good.base(),
                                "Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n"
                                        .formatted(Cluster.KEY, 10 * MIB),
                                BEYOND_WHAT_IS_FREE));
            }
            byte[] body = tenMebibytes();
            List<Future<?>> clients = new ArrayList<>();
            for (int i = 0; i < LARGE_CLIENTS; i++) {
                clients.add(
                        threads.submit(() -> {
                            for (int n = 0; n < LARGE_BODIES / LARGE_CLIENTS; n++) {
                                large.add(good.postStream("/v1/jobs", body).status());
                            }
                        }));
            }
            meanwhile = new Spread(submit(good));
            for (Future<?> client : clients) {
                client.get();
            }
        }
        // Then
        System.out.printf(
                "R15: good traffic quiet %s; meanwhile %s; large bodies: %d read, %d put off%n",
                quiet,
                meanwhile,
                large.stream().filter(status -> status == 404).count(),
                large.stream().filter(status -> status == 503).count());
        assertThat(ingress.handle().isAlive()).as("the ingress lives: " + ingress.err()).isTrue();
        assertThat(large).hasSize(LARGE_BODIES).containsOnly(404, 503).contains(404);
        assertThat(meanwhile.percentile(99)).isLessThan(SERVED);
    }

    /** The slow clients, who are told to leave before their threads are waited for. */
    @FunctionalInterface
    private interface Drips extends AutoCloseable {
        @Override
        void close();
    }

    /** Submits jobs one after the other, all of which must be accepted; how long each took. */
    private static List<Duration> submit(Api api) {
        List<Duration> times = new ArrayList<>();
        for (int i = 0; i < GOOD; i++) {
            long start = System.nanoTime();
            assertThat(api.submit("fast", "x").status()).isEqualTo(202);
            times.add(Duration.ofNanos(System.nanoTime() - start));
            LockSupport.parkNanos(PACE_NANOS);
        }
        return times;
    }

    /** Sends a request a byte at a time behind its beginning, until it is told to leave. */
    private void drip(URI base, String beginning, int atOnce) {
        while (!over.get()) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), base.getPort());
                    OutputStream out = socket.getOutputStream()) {
                String start = "POST /v1/jobs HTTP/1.1\r\nHost: x\r\n" + beginning;
                out.write(start.getBytes(StandardCharsets.US_ASCII));
                out.write(new byte[atOnce]);
                while (!over.get()) {
                    out.write('x');
                    out.flush();
                    LockSupport.parkNanos(DRIP_NANOS);
                }
            } catch (IOException _) {
                LockSupport.parkNanos(DRIP_NANOS); // it was thrown out, and comes again
            }
        }
    }

    // of a model that is not there: read and parsed whole, but not kept
    private static byte[] tenMebibytes() {
        byte[] start =
                "{\"endpoint\": \"/v1/embeddings\", \"body\": {\"model\": \"none\", \"input\": \""
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] end = "\"}}".getBytes(StandardCharsets.US_ASCII);
        byte[] body = new byte[10 * MIB];
        Arrays.fill(body, (byte) 'x');
        System.arraycopy(start, 0, body, 0, start.length);
        System.arraycopy(end, 0, body, body.length - end.length, end.length);
        return body;
    }
}
