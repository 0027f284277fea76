package io.millrace.ingress.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.avro.JobAccepted;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.avro.Tier;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.blob.DirectoryBlobStore;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.servicekit.trace.TraceParent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmissionTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final JobId JOB = new JobId("job_03" + "0".repeat(26));
    private static final TenantId ACME = new TenantId("acme");
    private static final Slots SLOTS = new Slots(16);

    @TempDir private Path blobs;
    private final Log log = new Log();

    @Test
    void oneRecordGoesToTheTenantsSlotAndOneToTheViewUnderTheSameId() {
        // When
        JobAccepted accepted = submission().submit(order("{}"));

        // Then
        assertThat(log.slots)
                .singleElement()
                .satisfies(written -> {
                    assertThat(written.topic()).isEqualTo("requests");
                    assertThat(written.partition()).isEqualTo(SLOTS.of(ACME));
                    assertThat(written.key()).isEqualTo(JOB.value());
                    assertThat(written.headers()).containsKey("traceparent");
                    Submit submit = written.record().getSubmit();
                    assertThat(submit.getModel()).isEqualTo("m");
                    assertThat(submit.getRequest().getExpiresAt()).isEqualTo(NOW.plusSeconds(9));
                    assertThat(submit.getRequest().getMetadata()).containsEntry("a", "b");
                });
        assertThat(log.jobs)
                .singleElement()
                .satisfies(written -> {
                    assertThat(written.partition()).isEqualTo(new ViewPartition(3));
                    assertThat(written.record().getJob()).isEqualTo(accepted);
                });
        assertThat(accepted.getJobId()).isEqualTo(JOB.value());
        assertThat(accepted.getExpiresAt()).isEqualTo(NOW.plusSeconds(9));
    }

    @Test
    void bodyThatIsTooLargeForTheLogTravelsAsAClaimCheck() {
        // Given
        String large = "x".repeat(ClaimCheck.INLINE_BYTES + 1);

        // When
        submission().submit(order(large));

        // Then
        Payload body = log.slots.getFirst().record().getSubmit().getRequest().getBody();
        assertThat(body.getInline()).isNull();
        assertThat(body.getBlob().getKey()).isEqualTo(Submission.bodyKey(JOB, null));
        assertThat(blobs.resolve(Submission.bodyKey(JOB, null)))
                .hasSize(ClaimCheck.INLINE_BYTES + 1);
    }

    @Test
    void bodyThatCannotBeStoredMakesNoJob() throws IOException {
        // Given
        Files.writeString(blobs.resolve("requests"), "a file where the folder should be");

        // Then
        assertThatThrownBy(
                        () -> submission().submit(order("x".repeat(ClaimCheck.INLINE_BYTES + 1))))
                .isInstanceOf(UnavailableException.class);
        assertThat(log.slots).isEmpty();
        assertThat(log.jobs).isEmpty();
    }

    @Test
    void nothingIsAcceptedUntilBothRecordsAreAcknowledged() {
        // Given
        log.view = CompletableFuture.failedFuture(new IllegalStateException("no replicas"));

        // Then
        assertThatThrownBy(() -> submission().submit(order("{}")))
                .isInstanceOfSatisfying(
                        UnavailableException.class,
                        e -> assertThat(e.error().status()).isEqualTo(503));
    }

    @Test
    void wishThatAJobEndsGoesToTheSlotOfItsTenant() {
        // When
        new Cancellation(log, SLOTS).wish(JOB.value(), ACME, NOW);

        // Then
        assertThat(log.slots)
                .singleElement()
                .satisfies(written -> {
                    assertThat(written.topic()).isEqualTo("requests");
                    assertThat(written.partition()).isEqualTo(SLOTS.of(ACME));
                    assertThat(written.record().getCancel().getId()).isEqualTo(JOB.value());
                    assertThat(written.record().getCancel().getTenant()).isEqualTo("acme");
                    assertThat(written.record().getCancel().getReason()).isEqualTo("cancelled");
                    assertThat(written.record().getCancel().getRequestedAt()).isEqualTo(NOW);
                });
    }

    @Test
    void orderShowsNothingOfItsBody() {
        assertThat(order("a prompt")).asString().doesNotContain("prompt");
    }

    private Submission submission() {
        return new Submission(log, new ClaimCheck(new DirectoryBlobStore(blobs)), SLOTS);
    }

    private static Order order(String body) {
        return new Order(
                JOB,
                ACME,
                "key_1",
                "/v1/embeddings",
                body.getBytes(StandardCharsets.UTF_8),
                "m",
                Tier.DEFAULT,
                NOW,
                NOW.plusSeconds(9),
                Map.of("a", "b"),
                false,
                12L,
                null,
                Order.Events.NONE,
                TraceParent.start(new Random(7)));
    }

    /** A log that remembers what is written to it. */
    private static final class Log implements LogWriter {

        record Slot(
                String topic,
                int partition,
                String key,
                SlotRecord record,
                Map<String, String> headers) {}

        record Job(ViewPartition partition, JobsRecord record) {}

        private final List<Slot> slots = new ArrayList<>();
        private final List<Job> jobs = new ArrayList<>();
        private CompletableFuture<Long> view = CompletableFuture.completedFuture(1L);

        @Override
        public CompletableFuture<Long> slot(
                String topic,
                int partition,
                String key,
                SlotRecord record,
                Map<String, String> headers) {
            slots.add(new Slot(topic, partition, key, record, headers));
            return CompletableFuture.completedFuture(1L);
        }

        @Override
        public CompletableFuture<Long> jobs(ViewPartition partition, String id, JobsRecord record) {
            jobs.add(new Job(partition, record));
            return view;
        }

        @Override
        public CompletableFuture<Long> forget(ViewPartition partition, String id) {
            return CompletableFuture.completedFuture(1L);
        }

        @Override
        public CompletableFuture<Long> forgetResult(ViewPartition partition, String id) {
            return CompletableFuture.completedFuture(1L);
        }
    }
}
