package io.millrace.standalone.endtoend;

import io.millrace.schemas.avro.InferenceResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * R1, R2, R6 and R7 at once: members that join and leave, kills amid transactions and stops longer
 * than a session, under load; judged by the topics and by the provider's ledger.
 *
 * <p>{@code -Dmillrace.rebalances=100} gives the full size, {@code -Dmillrace.seed} another course.
 */
@Timeout(3_600)
final class ChaosIT {

    private static final int REBALANCES = Integer.getInteger("millrace.rebalances", 4);
    private static final int MOST_DISPATCHERS = 5;
    private static final long SEED = Long.getLong("millrace.seed", 4);
    private static final Duration STOPPED = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Cluster cluster;
    private final Random random = new Random(SEED);
    private final List<String> names = new ArrayList<>();
    private final List<MillraceProcess> dispatchers = new ArrayList<>();
    private int begun;

    ChaosIT(@TempDir Path folder) {
        this.cluster = Cluster.start(folder);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void everyJobEndsOnceThroughRebalancesKillsAndStops() {
        // Given
        System.out.printf("rebalances %d, seed %d%n", REBALANCES, SEED);
        MillraceProcess ingress = cluster.begin("ingress", "ingress").ready();
        join();
        join();
        // When
        List<String> jobs;
        try (Load load = new Load(cluster.teams(ingress), List.of("fast", "slow"))) {
            for (int i = 0; i < REBALANCES; i += 2) {
                join();
                switch (i % 6) {
                    case 0 -> killOne();
                    case 2 -> leaveOne();
                    default -> stopOneForAWhile();
                }
                if (dispatchers.size() > MOST_DISPATCHERS) {
                    leaveOne();
                }
            }
            if (REBALANCES < 6) {
                stopOneForAWhile();
            }
            load.end();
            jobs = load.jobs();
        }
        // Then
        Await.until("all results", PATIENCE, () -> ended().containsAll(jobs));
        Ledgers.assertEachEndedOnce(cluster.topics(), jobs);
        Ledgers.assertExtraCallsExplained(cluster.topics(), cluster.calls());
        System.out.printf(
                "R6: %d jobs through %d members that came and went: 0 lost, 0 double; %d calls,"
                        + " %d of unknown outcome; %s%n",
                jobs.size(),
                REBALANCES,
                cluster.calls().size(),
                cluster.topics().waste().size(),
                Bill.checked(cluster.topics(), cluster.calls()));
    }

    private void join() {
        String name = "dispatcher-" + begun++;
        dispatchers.add(cluster.begin("dispatcher", name).ready());
        names.add(name);
    }

    private MillraceProcess takeOne() {
        int chosen = random.nextInt(dispatchers.size());
        names.remove(chosen);
        return dispatchers.remove(chosen);
    }

    private void killOne() {
        takeOne().kill();
    }

    private void leaveOne() {
        takeOne().terminate().exitCode(Duration.ofSeconds(60));
    }

    /**
     * Longer than its session: others take over, and then it believes for a moment that it owns.
     */
    private void stopOneForAWhile() {
        MillraceProcess stopped = dispatchers.get(random.nextInt(dispatchers.size()));
        stopped.freeze();
        try {
            long end = System.nanoTime() + STOPPED.toNanos();
            Await.until("the stop is over", STOPPED.plusSeconds(5), () -> System.nanoTime() > end);
        } finally {
            stopped.thaw();
        }
    }

    private Set<String> ended() {
        return cluster.topics().results().stream()
                .map(InferenceResult::getJobId)
                .collect(Collectors.toSet());
    }
}
