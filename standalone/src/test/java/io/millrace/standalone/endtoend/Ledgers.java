package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.UsageRecord;
import io.millrace.schemas.avro.WasteRecord;
import io.millrace.simulatedprovider.ledger.Call;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The promise, judged by a full read of the topics and by the provider's ledger. */
final class Ledgers {

    private Ledgers() {}

    /** Every accepted job has exactly one result and one usage record, and is completed. */
    static void assertEachEndedOnce(Topics topics, Collection<String> jobs) {
        List<InferenceResult> results = assertEachHasOneResultAndOneBill(topics, jobs);
        Set<String> wanted = new HashSet<>(jobs);
        assertThat(results)
                .filteredOn(result -> wanted.contains(result.getJobId()))
                .extracting(InferenceResult::getStatus)
                .containsOnly(JobStatus.COMPLETED);
    }

    /** Every accepted job has exactly one result and one usage record; returns all results. */
    static List<InferenceResult> assertEachHasOneResultAndOneBill(
            Topics topics, Collection<String> jobs) {
        List<InferenceResult> results = topics.results();
        List<UsageRecord> usage = topics.usage();
        assertThat(results.stream().map(InferenceResult::getJobId))
                .as("results")
                .doesNotHaveDuplicates()
                .containsAll(jobs);
        assertThat(usage.stream().map(UsageRecord::getJobId))
                .as("usage records")
                .doesNotHaveDuplicates()
                .containsAll(jobs);
        return results;
    }

    /**
     * Every call beyond a job's first is explained by a waste record or by an answer that may be
     * tried again.
     */
    static void assertExtraCallsExplained(Topics topics, List<Call> calls) {
        Map<String, Long> wasted =
                topics.waste().stream()
                        .collect(
                                Collectors.groupingBy(
                                        WasteRecord::getJobId, Collectors.counting()));
        Map<String, List<Call>> byJob =
                calls.stream().collect(Collectors.groupingBy(call -> call.started().job()));
        byJob.forEach((job, made) -> {
            long retryable = made.stream().filter(Ledgers::isRetryable).count();
            long explained = 1 + retryable + wasted.getOrDefault(job, 0L);
            assertThat((long) made.size())
                    .as("calls of %s: %s", job, made)
                    .isLessThanOrEqualTo(explained);
        });
    }

    private static boolean isRetryable(Call call) {
        return switch (call) {
            case Call.Running _ -> false;
            case Call.Finished(var _, var ended) -> ended.status() == 429 || ended.status() >= 500;
        };
    }
}
