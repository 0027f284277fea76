package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.simulatedprovider.ledger.Call;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What no tenant may, however many dispatchers there are: judged by the provider's ledger. */
@Timeout(300)
final class QuotaIT {

    private static final int REQUESTS_A_MINUTE = 100;
    private static final int CONCURRENCY = 5;
    private static final long BUDGET_NANO = 100_000_000;
    private static final long TOKEN_NANO = 1_000_000;
    private static final int MOST_TOKENS = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    private final Cluster cluster;

    QuotaIT(@TempDir Path folder) {
        this.cluster = Cluster.start(folder);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void requestsAMinuteAndConcurrencyHoldOverTwoDispatchersOneOfWhichIsKilled() {
        // Given
        MillraceProcess ingress = cluster.begin("ingress", "ingress");
        MillraceProcess first = cluster.begin("dispatcher", "dispatcher-1");
        MillraceProcess second = cluster.begin("dispatcher", "dispatcher-2");
        cluster.ready(ingress, first, second);
        Api paced = new Api(URI.create(ingress.address().orElseThrow()), Cluster.PACED_KEY);

        // When
        List<String> jobs =
                inParallel(140, i -> paced.submit(i % 4 == 0 ? "busy" : "fast", "p" + i).id());
        Await.until("half a minute's calls", PATIENCE, () -> callsOf(jobs).size() >= 40);
        boolean firstOwns = !cluster.dispatcher("dispatcher-1").path("waiting").isEmpty();
        (firstOwns ? first : second).kill();
        String heir = firstOwns ? "dispatcher-2" : "dispatcher-1";

        // Then
        Await.until(
                "the heir says why the others wait",
                PATIENCE,
                () -> cluster.dispatcher(heir).at("/waiting/requests_per_minute").asInt() > 0);
        Await.until("all results", PATIENCE, () -> endedOf(jobs).size() == jobs.size());
        Ledgers.assertEachEndedOnce(cluster.topics(), jobs);
        assertThat(callsOf(jobs)).hasSizeGreaterThanOrEqualTo(jobs.size());
        assertMinutes(jobs);
        assertConcurrency(callsOf(jobs));
    }

    @Test
    void budgetForTenIsNotOverspentByTwoHundredAndIsRememberedByAnotherDispatcher() {
        // Given
        MillraceProcess ingress = cluster.begin("ingress", "ingress");
        MillraceProcess first = cluster.begin("dispatcher", "dispatcher-1");
        MillraceProcess second = cluster.begin("dispatcher", "dispatcher-2");
        cluster.ready(ingress, first, second);
        Api thrifty = new Api(URI.create(ingress.address().orElseThrow()), Cluster.THRIFTY_KEY);

        // When
        List<String> jobs = inParallel(200, i -> dear(thrifty, "d" + i));
        Await.until("all results", PATIENCE, () -> endedOf(jobs).size() == jobs.size());

        // Then
        long spent = spent(callsOf(jobs));
        assertThat(spent).isBetween(BUDGET_NANO - MOST_TOKENS * TOKEN_NANO + 1, BUDGET_NANO);
        assertThat(cluster.topics().results())
                .filteredOn(result -> jobs.contains(result.getJobId()))
                .filteredOn(result -> result.getStatus() != JobStatus.COMPLETED)
                .isNotEmpty()
                .allMatch(result -> code(result).equals("insufficient_quota"));

        // When
        first.kill();
        second.kill();
        cluster.begin("dispatcher", "dispatcher-3").ready();
        List<String> later = inParallel(10, i -> dear(thrifty, "l" + i));
        Await.until("all results", PATIENCE, () -> endedOf(later).size() == later.size());

        // Then
        assertThat(callsOf(later)).isEmpty();
        assertThat(cluster.topics().results())
                .filteredOn(result -> later.contains(result.getJobId()))
                .hasSize(later.size())
                .allMatch(result -> code(result).equals("insufficient_quota"));
    }

    private static String dear(Api api, String prompt) {
        return api.post(
                        "/v1/jobs",
                        """
                        {"endpoint": "/v1/chat/completions",
                         "body": {"model": "dear", "max_tokens": %d,
                                  "messages": [{"role": "user", "content": "%s"}]}}
                        """
                                .formatted(MOST_TOKENS, prompt))
                .id();
    }

    private static String code(InferenceResult result) {
        return result.getError() == null ? "" : result.getError().getCode();
    }

    // By the journal: how much later a call comes to the provider is the machine's affair.
    private void assertMinutes(List<String> jobs) {
        List<Instant> starts =
                cluster.topics().attempts().stream()
                        .filter(attempt -> jobs.contains(attempt.getJobId()))
                        .map(AttemptStarted::getStartedAt)
                        .sorted()
                        .toList();
        for (int i = REQUESTS_A_MINUTE; i < starts.size(); i++) {
            assertThat(Duration.between(starts.get(i - REQUESTS_A_MINUTE), starts.get(i)))
                    .as("time that %d calls take, from call %d on", REQUESTS_A_MINUTE + 1, i)
                    .isGreaterThanOrEqualTo(Duration.ofMinutes(1));
        }
    }

    // A call of the killed dispatcher goes on at the provider after nobody waits for it any more.
    private static void assertConcurrency(List<Call> calls) {
        List<Call.Finished> answered =
                calls.stream()
                        .filter(Call.Finished.class::isInstance)
                        .map(Call.Finished.class::cast)
                        .filter(call -> !call.ended().closedByClient())
                        .sorted(Comparator.comparing(call -> call.started().at()))
                        .toList();
        for (Call.Finished call : answered) {
            Instant start = call.started().at();
            assertThat(answered)
                    .filteredOn(each -> !each.started().at().isAfter(start))
                    .filteredOn(each -> each.ended().at().isAfter(start))
                    .hasSizeLessThanOrEqualTo(CONCURRENCY);
        }
    }

    private static long spent(List<Call> calls) {
        return calls.stream()
                .filter(Call.Finished.class::isInstance)
                .map(Call.Finished.class::cast)
                .mapToLong(call -> call.ended().outputTokens() * TOKEN_NANO)
                .sum();
    }

    private interface Submission {
        String submit(int number);
    }

    private static List<String> inParallel(int count, Submission submission) {
        try (ExecutorService threads = Executors.newFixedThreadPool(50)) {
            List<Future<String>> submitted =
                    IntStream.range(0, count)
                            .mapToObj(i -> threads.submit(() -> submission.submit(i)))
                            .toList();
            List<String> ids = new ArrayList<>();
            for (Future<String> each : submitted) {
                ids.add(each.get());
            }
            return ids;
        } catch (InterruptedException | java.util.concurrent.ExecutionException e) {
            throw new AssertionError(e);
        }
    }

    private List<Call> callsOf(List<String> jobs) {
        return cluster.calls().stream()
                .filter(call -> jobs.contains(call.started().job()))
                .toList();
    }

    private Set<String> endedOf(List<String> jobs) {
        return cluster.topics().results().stream()
                .map(InferenceResult::getJobId)
                .filter(jobs::contains)
                .collect(Collectors.toSet());
    }
}
