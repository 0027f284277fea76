package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.InferenceResult;
import io.millrace.standalone.endtoend.FaultPlan.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A campaign: processes are killed, stopped and frozen in a seeded order while jobs come in, and
 * the promise is judged at the end. {@code ops/faults/run} runs a larger one.
 */
@Timeout(3600)
final class CampaignIT {

    private static final int SUBMITTERS = 4;
    private static final Duration SETTLED = Duration.ofMinutes(5);

    private final FaultPlan plan = FaultPlan.fromProperties();
    private final Cluster cluster;

    CampaignIT(@TempDir Path folder) {
        this.cluster = Cluster.start(folder);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void whatWasAcceptedEndsOnceWhateverDies() throws Exception {
        // Given
        Crew crew = new Crew(cluster, new Random(plan.seed()));
        List<Fault> faults = plan.sequence();
        Set<String> accepted;
        // When
        AtomicInteger happened = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Set<String>> submitting =
                    threads.submit(() -> submitted(crew, threads, happened, faults.size()));
            for (Fault fault : faults) {
                crew.befall(fault);
                happened.incrementAndGet();
            }
            accepted = submitting.get();
        }
        // Then
        Await.until("all results", SETTLED, () -> ended().containsAll(accepted));
        Ledgers.assertEachHasOneResultAndOneBill(cluster.topics(), accepted);
        Ledgers.assertExtraCallsExplained(cluster.topics(), cluster.calls());
        assertThat(cluster.topics().deadLetters()).isEmpty();
        report(accepted, faults);
    }

    /** Submits the jobs spread over the faults: the last ones come after the last of them. */
    private Set<String> submitted(
            Crew crew, ExecutorService threads, AtomicInteger happened, int faults)
            throws Exception {
        ConcurrentLinkedQueue<String> accepted = new ConcurrentLinkedQueue<>();
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> submitters = new ArrayList<>();
        for (int i = 0; i < SUBMITTERS; i++) {
            submitters.add(
                    threads.submit(() -> {
                        for (int n = next.getAndIncrement();
                                n < plan.jobs();
                                n = next.getAndIncrement()) {
                            int due = (int) ((long) n * faults / plan.jobs());
                            Await.until(
                                    "the next fault",
                                    SETTLED,
                                    () -> happened.get() >= Math.min(due, faults));
                            accepted.add(submitted(crew, n));
                        }
                        return null;
                    }));
        }
        for (Future<?> submitter : submitters) {
            submitter.get();
        }
        return new HashSet<>(accepted);
    }

    /** Submits until an ingress says 202; what came before may have been accepted too. */
    private static String submitted(Crew crew, int n) {
        List<String> id = new ArrayList<>();
        Await.until(
                "202 for job " + n,
                SETTLED,
                () -> {
                    try {
                        Api.Answer answer = crew.api(n).submit(FaultPlan.model(n), "job " + n);
                        if (answer.status() == 202) {
                            id.add(answer.id());
                        }
                        return answer.status() == 202;
                    } catch (UncheckedIOException _) {
                        return false; // it is dead at the moment
                    }
                });
        return id.getFirst();
    }

    private Set<String> ended() {
        return cluster.topics().results().stream()
                .map(InferenceResult::getJobId)
                .collect(Collectors.toSet());
    }

    private void report(Set<String> accepted, List<Fault> faults) throws IOException {
        Map<Fault, Long> kinds =
                faults.stream()
                        .collect(
                                Collectors.groupingBy(
                                        fault -> fault, TreeMap::new, Collectors.counting()));
        String text =
                """
                seed %d: %d jobs accepted, each with one result and one usage record
                faults: %s
                calls at the provider: %d, of them of unknown outcome: %d, all explained
                """
                        .formatted(
                                plan.seed(),
                                accepted.size(),
                                kinds,
                                cluster.calls().size(),
                                cluster.topics().waste().size());
        Files.writeString(Path.of("target", "faults.txt"), text);
    }
}
