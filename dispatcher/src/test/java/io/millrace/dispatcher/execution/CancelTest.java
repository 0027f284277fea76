package io.millrace.dispatcher.execution;

import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.jobId;
import static io.millrace.dispatcher.Samples.submit;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.dispatcher.settlement.Settlement.Ending.Terminal;
import io.millrace.schemas.avro.BatchLine;
import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.avro.WasteRecord;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A wish that a job ends, in every state a job can be in. */
class CancelTest {

    private static final String BATCH = "batch_01" + "0".repeat(26);

    private final CountDownLatch never = new CountDownLatch(1);

    @Test
    void jobInFlightIsGivenUpAndItsCallIsWaste() {
        // Given
        try (Stage stage = new Stage(1, _ -> hang())) {
            stage.accept(1);
            Stage.await(() -> stage.calls.size() == 1);

            // When
            cancel(stage, jobId(1), "cancelled");

            // Then
            Terminal terminal = terminal(stage.next());
            assertThat(terminal.result().getStatus()).isEqualTo(JobStatus.CANCELLED);
            assertThat(terminal.waste())
                    .extracting(WasteRecord::getReason)
                    .containsExactly("cancelled");
            stage.awaitIdle();
            assertThat(stage.further()).isEmpty();
        }
    }

    @Test
    void waitingJobEndsAtOnceAndNeverStarts() {
        // Given
        try (Stage stage = new Stage(1, _ -> hang())) {
            stage.accept(1);
            Stage.await(() -> stage.calls.size() == 1);
            stage.accept(2);

            // When
            cancel(stage, jobId(2), "cancelled");

            // Then
            Terminal terminal = terminal(stage.next());
            assertThat(terminal.result().getJobId()).isEqualTo(jobId(2));
            assertThat(terminal.result().getStatus()).isEqualTo(JobStatus.CANCELLED);
            assertThat(terminal.waste()).isEmpty();
            never.countDown();
            stage.next();
            stage.awaitIdle();
            assertThat(stage.calls).hasSize(1);
        }
    }

    @Test
    void jobThatIsReadAfterTheWishEndsAtOnce() {
        // Given
        try (Stage stage = new Stage(1, _ -> Stage.OK)) {
            cancel(stage, jobId(3), "expired");

            // When
            stage.accept(3);

            // Then
            assertThat(terminal(stage.next()).result().getStatus()).isEqualTo(JobStatus.EXPIRED);
            assertThat(stage.calls).isEmpty();
        }
    }

    @Test
    void batchsWishEndsItsLinesAndNoOther() {
        // Given
        try (Stage stage = new Stage(1, _ -> hang())) {
            stage.accept(1);
            Stage.await(() -> stage.calls.size() == 1);
            stage.execution.accept(line(stage, 2));
            stage.execution.accept(line(stage, 3));

            // When
            cancel(stage, BATCH, "cancelled");

            // Then
            assertThat(
                            java.util.List.of(
                                    terminal(stage.next()).result().getStatus(),
                                    terminal(stage.next()).result().getStatus()))
                    .containsOnly(JobStatus.CANCELLED);
            assertThat(stage.further()).isEmpty();
            assertThat(stage.execution.inFlight()).isEqualTo(1);
            never.countDown();
        }
    }

    @Test
    void wishOfAnotherTenantHasNoEffect() {
        // Given
        try (Stage stage = new Stage(1, _ -> Stage.OK)) {
            OwnedSlot slot = stage.job(1).slot();
            Cancel foreign = new Cancel(jobId(1), "umbra", "cancelled", NOON);
            slot.cancel(foreign);
            stage.execution.cancel(slot, foreign);

            // When
            stage.accept(1);

            // Then
            assertThat(terminal(stage.next()).result().getStatus()).isEqualTo(JobStatus.COMPLETED);
        }
    }

    @Test
    void jobThatHasEndedStaysAsItIs() {
        // Given
        try (Stage stage = new Stage(1, _ -> Stage.OK)) {
            stage.accept(1);
            assertThat(terminal(stage.next()).result().getStatus()).isEqualTo(JobStatus.COMPLETED);

            // When
            cancel(stage, jobId(1), "cancelled");

            // Then
            assertThat(stage.further()).isEmpty();
        }
    }

    private static Job line(Stage stage, int number) {
        Submit submit =
                submit(number).setBatchLine(new BatchLine(BATCH, number, "c" + number)).build();
        return Jobs.job(stage.job(1).slot(), submit, number);
    }

    private static void cancel(Stage stage, String id, String reason) {
        OwnedSlot slot = stage.job(1).slot();
        Cancel cancel = new Cancel(id, "acme", reason, NOON);
        slot.cancel(cancel);
        stage.execution.cancel(slot, cancel);
    }

    private Outcome hang() {
        try {
            if (!never.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody gave it up");
            }
            return Stage.OK;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Unknown("interrupted", Jobs.ERROR);
        }
    }

    private static Terminal terminal(Settlement settlement) {
        return (Terminal) settlement.ending();
    }
}
