package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.simulatedprovider.ledger.Call;
import io.millrace.standalone.endtoend.CampaignReport.Befell;
import io.millrace.standalone.endtoend.FaultPlan.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * R1, R2, R3, R7 and R8 at once: processes are killed, stopped and frozen in a seeded order while
 * jobs come in, and the promise is judged at the end. {@code ops/faults/run} runs a larger one.
 */
@Timeout(36_000)
final class CampaignIT {

    private static final Duration SETTLED = Duration.ofMinutes(5);
    private static final Path REPORT = Path.of("target", "faults.txt");

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
        System.out.printf("faults %d, jobs %d, seed %d%n", plan.faults(), plan.jobs(), plan.seed());
        try (Arrivals arrivals = new Arrivals(cluster.topics())) {
            // Given
            Crew crew =
                    new Crew(
                            cluster,
                            arrivals,
                            plan.longestFreezeSeconds(),
                            new Random(plan.seed()));
            Submitters submitters = new Submitters(plan, crew);
            List<Befell> faults = new ArrayList<>();
            // When
            Set<String> accepted;
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Set<String>> submitting = threads.submit(() -> submitters.submit(threads));
                for (Fault fault : plan.sequence()) {
                    Instant start = Instant.now();
                    crew.befall(fault);
                    faults.add(new Befell(fault, start, Instant.now()));
                    submitters.happened(faults.size());
                }
                accepted = submitting.get();
            }
            // Then
            CampaignReport report =
                    new CampaignReport(plan, cluster, arrivals, crew.takeovers(), faults);
            write(report.measured() + "\n" + submitters);
            Await.until("all results", SETTLED, () -> arrivals.haveAll(accepted));
            Await.until("the end of all calls", SETTLED, () -> areOver(arrivals, cluster.calls()));
            judge(accepted, report, submitters);
        }
    }

    private void judge(Set<String> accepted, CampaignReport report, Submitters submitters)
            throws IOException {
        List<Call> calls = cluster.calls();
        Ledgers.assertEachHasOneResultAndOneBill(cluster.topics(), accepted);
        Ledgers.assertExtraCallsExplained(cluster.topics(), calls);
        Bill bill = Bill.checked(cluster.topics(), calls);
        assertThat(cluster.topics().deadLetters()).isEmpty();
        write(report.promise(accepted, bill) + report.measured() + "\n" + submitters);
    }

    private static void write(String text) throws IOException {
        Files.writeString(REPORT, text + "\n");
    }

    /** Calls of jobs whose 202 was lost in a fault end like others. */
    private static boolean areOver(Arrivals arrivals, List<Call> calls) {
        return calls.stream().allMatch(Call.Finished.class::isInstance)
                && arrivals.haveAll(
                        calls.stream()
                                .map(call -> call.started().job())
                                .collect(Collectors.toSet()));
    }
}
