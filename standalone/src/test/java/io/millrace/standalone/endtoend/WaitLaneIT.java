package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.InferenceResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A tenant far over its quota costs its neighbours in the slot nothing, and loses nothing. */
@Timeout(300)
final class WaitLaneIT {

    private static final int JOBS = 1_500;
    private static final Duration PROMPT = Duration.ofSeconds(2);

    private final Cluster cluster;

    WaitLaneIT(@TempDir Path folder) {
        this.cluster = Cluster.start(folder);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void neighbourInTheSlotIsServedAtOnceWhileThousandsWaitAndAllOfThoseEndOnce()
            throws ExecutionException, InterruptedException {
        // Given
        MillraceProcess ingress = cluster.begin("ingress", "ingress");
        MillraceProcess dispatcher = cluster.begin("dispatcher", "dispatcher");
        cluster.ready(ingress, dispatcher);
        Api narrow = cluster.api(ingress).with(Cluster.NARROW_KEY);
        Api neighbour = cluster.api(ingress).with(Cluster.NEIGHBOUR_KEY);
        assertThat(neighbour.job(neighbour.submit("fast", "warm").id()).path("status").asText())
                .isEqualTo("completed");

        // When
        List<String> jobs = new ArrayList<>();
        List<String> served = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<String>> submitted =
                    IntStream.range(0, JOBS)
                            .mapToObj(
                                    i -> threads.submit(() -> narrow.submit("fast", "n" + i).id()))
                            .toList();
            while (!submitted.getLast().isDone()) {
                served.add(promptly(neighbour));
            }
            for (Future<String> each : submitted) {
                jobs.add(each.get());
            }
        }
        for (int i = 0; i < 20; i++) {
            served.add(promptly(neighbour));
        }
        assertThat(ended(jobs)).isLessThan(JOBS / 2);
        assertThat(cluster.topics().end("lanes.narrow.wait")).isGreaterThan(JOBS / 2);
        dispatcher.kill();
        cluster.begin("dispatcher", "dispatcher").ready();
        served.add(neighbour.submit("fast", "after").id());
        Await.until(
                "neighbour served after the kill",
                Duration.ofSeconds(20),
                () -> ended(served) == served.size());
        for (int i = 0; i < 20; i++) {
            served.add(promptly(neighbour));
        }
        Await.until("all results", Duration.ofMinutes(3), () -> ended(jobs) == jobs.size());

        // Then
        jobs.addAll(served);
        Ledgers.assertEachEndedOnce(cluster.topics(), jobs);
        Ledgers.assertExtraCallsExplained(cluster.topics(), cluster.calls());
    }

    private static String promptly(Api api) {
        long start = System.nanoTime();
        String id = api.submit("fast", "prompt").id();
        String status = api.job(id).path("status").asText();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(PROMPT);
        assertThat(status).isEqualTo("completed");
        return id;
    }

    private long ended(List<String> jobs) {
        Set<String> wanted = new HashSet<>(jobs);
        return cluster.topics().results().stream()
                .map(InferenceResult::getJobId)
                .filter(wanted::contains)
                .distinct()
                .count();
    }
}
