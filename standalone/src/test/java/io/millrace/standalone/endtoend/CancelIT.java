package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.WasteRecord;
import io.millrace.simulatedprovider.ledger.Call;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A cancel closes the call, and outlives the dispatcher that read it. */
@Timeout(300)
final class CancelIT {

    private static final Duration SOON = Duration.ofSeconds(4); // the call takes six

    private final Cluster cluster;

    CancelIT(@TempDir Path folder) {
        this.cluster = Cluster.start(folder);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void cancelledJobEndsAtOnceWithItsCallClosedAndCountedAsWaste() {
        // Given
        MillraceProcess ingress = cluster.begin("ingress", "ingress");
        cluster.ready(ingress, cluster.begin("dispatcher", "dispatcher"));
        String job = cluster.api(ingress).submit("long", "x").id();
        Await.until("the call", Duration.ofSeconds(30), () -> !cluster.calls().isEmpty());
        // When
        cluster.topics().cancel(Cluster.SLOTS, cancel(job));
        // Then
        Await.until("the end", SOON, () -> !cluster.topics().results().isEmpty());
        assertThat(cluster.topics().results())
                .singleElement()
                .returns(job, InferenceResult::getJobId)
                .returns(JobStatus.CANCELLED, InferenceResult::getStatus);
        assertThat(cluster.topics().usage()).hasSize(1);
        assertThat(cluster.topics().waste())
                .extracting(WasteRecord::getReason)
                .containsExactly("cancelled");
        // a second wish changes nothing, and the frontier passes both
        cluster.topics().cancel(Cluster.SLOTS, cancel(job));
        String next = cluster.api(ingress).submit("fast", "y").id();
        Await.until("the next", SOON, () -> cluster.topics().results().size() == 2);
        assertThat(cluster.topics().results())
                .extracting(InferenceResult::getJobId)
                .containsExactlyInAnyOrder(job, next);
        List<Call> calls = cluster.calls();
        assertThat(calls).hasSize(2);
    }

    private static Cancel cancel(String job) {
        return new Cancel(job, "acme", "cancelled", Instant.parse("2026-01-01T00:00:00Z"));
    }
}
