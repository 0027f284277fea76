package io.millrace.ingress.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.ingress.submission.JobRecords;
import io.millrace.ingress.submission.Order;
import io.millrace.ingress.submission.Submission;
import io.millrace.schemas.avro.Tier;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.blob.DirectoryBlobStore;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.servicekit.trace.TraceParent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyOwnerTest {

    private static final ViewPartition PARTITION = new ViewPartition(3);
    private static final JobId JOB = new JobId("job_03" + "0".repeat(26));
    private static final int MANY = 50;

    @TempDir private Path blobs;
    private final MemoryJobs jobs = new MemoryJobs();
    private final MemoryKeys keys = new MemoryKeys(jobs);
    private final KeyOwner owner = new KeyOwner(PARTITION, keys, keys);

    @Test
    void ofManyAtOnceOneBecomesTheJobAndTheOthersAreToldOfItThoughTheViewIsBehind()
            throws Exception {
        // Given
        keys.behind = true;

        // When
        List<Taken> taken = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(MANY)) {
            List<Future<Taken>> all = new ArrayList<>();
            for (int i = 0; i < MANY; i++) {
                all.add(threads.submit(() -> take(owner, "same")));
            }
            for (Future<Taken> each : all) {
                taken.add(each.get());
            }
        }

        // Then
        assertThat(taken).filteredOn(Taken.New.class::isInstance).hasSize(1);
        assertThat(taken).filteredOn(Taken.Before.class::isInstance).hasSize(MANY - 1);
        assertThat(keys.written).hasSize(1);
        assertThat(take(owner, "other")).isInstanceOf(Taken.OtherWish.class);
        keys.catchUp();
        owner.applied(JOB);
        assertThat(take(owner, "same")).isInstanceOf(Taken.Before.class);
        assertThat(take(owner, "other")).isInstanceOf(Taken.OtherWish.class);
    }

    @Test
    void whatWasWrittenWithoutAcknowledgementIsFoundAfterwardsAndNotWrittenAgain() {
        // Given
        keys.behind = true;
        keys.lost = true;

        // When
        assertThatThrownBy(() -> take(owner, "same")).isInstanceOf(UnavailableException.class);
        keys.lost = false;

        // Then
        assertThat(take(owner, "same")).isInstanceOf(Taken.Before.class);
        assertThat(keys.written).hasSize(1);
    }

    @Test
    void ownerThatWasShutOutWritesNothingBeforeItHasReadWhatTheOtherWrote() {
        // Given
        KeyOwner former = owner;
        JobId first = new JobId("job_03" + "1".repeat(26));
        var _ = former.take(first, "f", () -> job(first, "f"));
        KeyOwner now = new KeyOwner(PARTITION, keys, keys);
        keys.behind = true;
        assertThat(take(now, "same")).isInstanceOf(Taken.New.class);

        // When
        assertThatThrownBy(() -> take(former, "same")).isInstanceOf(UnavailableException.class);

        // Then
        assertThat(take(former, "same")).isInstanceOf(Taken.Before.class);
        assertThat(keys.written).hasSize(2);
    }

    @Test
    void ownerThatWasStoppedWritesNothing() {
        // Given
        owner.stop();

        // Then
        assertThatThrownBy(() -> take(owner, "same")).isInstanceOf(UnavailableException.class);
        assertThat(keys.written).isEmpty();
    }

    @Test
    void wishThatIsNotAdmittedLeavesTheKeyFree() {
        // Given
        ApiException refusal = new ApiException(ApiError.invalid("x", "x", "x"));

        // Then
        assertThatThrownBy(() ->
                        owner.take(
                                JOB,
                                "same",
                                () -> {
                                    throw refusal;
                                }))
                .isSameAs(refusal);
        assertThat(take(owner, "other")).isInstanceOf(Taken.New.class);
    }

    private Taken take(KeyOwner by, String fingerprint) {
        return by.take(JOB, fingerprint, () -> job(JOB, fingerprint));
    }

    private JobRecords job(JobId id, String fingerprint) {
        return new Submission(jobs, new ClaimCheck(new DirectoryBlobStore(blobs)), new Slots(16))
                .records(
                        new Order(
                                id,
                                new TenantId("acme"),
                                "key_1",
                                "/v1/embeddings",
                                "{}".getBytes(StandardCharsets.UTF_8),
                                "m",
                                Tier.DEFAULT,
                                Samples.NOW,
                                null,
                                Map.of(),
                                false,
                                1L,
                                fingerprint,
                                Order.Events.NONE,
                                TraceParent.start(new Random(7))));
    }
}
