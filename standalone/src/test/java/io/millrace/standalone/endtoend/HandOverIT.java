package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.id.Slots;
import io.millrace.simulatedprovider.ledger.Call;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** R6: slots that move while calls run repeat no call and stall no intake. */
@Timeout(300)
final class HandOverIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    // 1 s is aimed at; other builds may share the cores. What was measured is printed.
    private static final Duration STALL = Duration.ofSeconds(3);

    private final Cluster cluster;

    HandOverIT(@TempDir Path folder) {
        this.cluster = Cluster.start(folder);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void rollingRestartOfThreeDispatchersRepeatsNoCallAndStallsNoSlot() {
        // Given
        MillraceProcess ingress = cluster.begin("ingress", "ingress");
        List<MillraceProcess> running =
                new ArrayList<>(
                        cluster.ready(
                                ingress,
                                cluster.begin("dispatcher", "dispatcher-0"),
                                cluster.begin("dispatcher", "dispatcher-1"),
                                cluster.begin("dispatcher", "dispatcher-2")));
        running.removeFirst();
        List<Api> teams = cluster.teams(ingress);
        warm(teams);
        // When
        try (Load load = new Load(teams, List.of("fast", "long"))) {
            Await.until("calls in flight", PATIENCE, () -> load.jobs("long").size() >= 40);
            for (int i = 0; i < running.size(); i++) {
                running.get(i).terminate();
                assertThat(running.get(i).exitCode(Duration.ofSeconds(40))).isZero();
                running.set(i, cluster.begin("dispatcher", "dispatcher-" + i).ready());
            }
            load.end();
            // Then
            assertNothingRepeated(load);
            assertNoSlotStalls("rolling restart", load.jobs("fast"));
        }
    }

    @Test
    void dispatcherThatJoinsTakesSlotsOverWithTheirCallsInFlight() {
        // Given
        MillraceProcess ingress = cluster.begin("ingress", "ingress");
        cluster.ready(ingress, cluster.begin("dispatcher", "dispatcher-0"));
        List<Api> teams = cluster.teams(ingress);
        warm(teams);
        // When
        try (Load load = new Load(teams, List.of("fast", "long"))) {
            Await.until("calls in flight", PATIENCE, () -> load.jobs("long").size() >= 20);
            cluster.begin("dispatcher", "dispatcher-1").ready();
            cluster.begin("dispatcher", "dispatcher-2").ready();
            int before = load.jobs("long").size();
            Await.until("more calls", PATIENCE, () -> load.jobs("long").size() >= before + 20);
            load.end();
            // Then
            assertNothingRepeated(load);
            assertNoSlotStalls("two dispatchers join one", load.jobs("fast"));
        }
    }

    @Test
    void loneDispatcherSettlesItsCallsBeforeItLeaves() {
        // Given
        MillraceProcess ingress = cluster.begin("ingress", "ingress");
        MillraceProcess lone = cluster.begin("dispatcher", "dispatcher-0");
        cluster.ready(ingress, lone);
        List<String> jobs = new ArrayList<>();
        cluster.teams(ingress).forEach(team -> jobs.add(team.submit("long", "x").id()));
        Await.until("calls", PATIENCE, () -> cluster.calls().size() == jobs.size());
        // When
        assertThat(lone.terminate().exitCode(Duration.ofSeconds(40))).isZero();
        // Then
        Ledgers.assertEachEndedOnce(cluster.topics(), jobs);
        assertThat(cluster.calls()).hasSameSizeAs(jobs);
    }

    private void assertNothingRepeated(Load load) {
        List<String> jobs = load.jobs();
        Await.until("all results", PATIENCE, () -> ended().containsAll(jobs));
        Ledgers.assertEachEndedOnce(cluster.topics(), jobs);
        Map<String, Long> calls =
                cluster.calls().stream()
                        .collect(
                                Collectors.groupingBy(
                                        (Call call) -> call.started().job(),
                                        Collectors.counting()));
        assertThat(calls).containsKeys(jobs.toArray(String[]::new));
        assertThat(calls.values()).as("calls of each job").containsOnly(1L);
        assertThat(cluster.topics().waste()).isEmpty();
    }

    private void assertNoSlotStalls(String name, List<String> jobs) {
        Set<String> wanted = Set.copyOf(jobs);
        Slots slots = new Slots(Cluster.SLOTS);
        Map<Integer, List<Duration>> waits =
                cluster.topics().results().stream()
                        .filter(result -> wanted.contains(result.getJobId()))
                        .collect(
                                Collectors.groupingBy(
                                        result -> slots.of(result.getTenant()),
                                        TreeMap::new,
                                        Collectors.mapping(
                                                HandOverIT::untilStart, Collectors.toList())));
        waits.forEach((slot, of) ->
                System.out.printf(
                        "R6, %s: slot %d: %d jobs, acceptance to start p50 %d ms, max %d ms%n",
                        name,
                        slot,
                        of.size(),
                        new Spread(of).percentile(50).toMillis(),
                        new Spread(of).percentile(100).toMillis()));
        assertThat(waits).isNotEmpty();
        assertThat(waits.values())
                .as("the longest time from a job's acceptance to its start, by slot")
                .allMatch(of -> new Spread(of).percentile(100).compareTo(STALL) < 0);
    }

    private static Duration untilStart(InferenceResult result) {
        return Duration.between(result.getAcceptedAt(), result.getStartedAt());
    }

    private Set<String> ended() {
        return cluster.topics().results().stream()
                .map(InferenceResult::getJobId)
                .collect(Collectors.toSet());
    }

    private static void warm(List<Api> teams) {
        teams.forEach(team ->
                assertThat(team.job(team.submit("fast", "warm").id()).path("status").asText())
                        .isEqualTo("completed"));
    }
}
