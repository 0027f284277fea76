package io.millrace.dispatcher.execution;

import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.jobId;
import static io.millrace.dispatcher.Samples.submit;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.quota.WaitReason;
import io.millrace.dispatcher.settlement.Settlement.Ending.Moved;
import io.millrace.dispatcher.settlement.Settlement.Ending.Terminal;
import io.millrace.schemas.avro.AttemptReport;
import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.avro.InferenceResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Where a job stands while it has not ended, and what its end tells of its attempts. */
class StandingTest {

    private final CountDownLatch go = new CountDownLatch(1);

    @Test
    void jobThatRunsAndOneThatWaitsBehindItTellWhereTheyStand() {
        // Given
        try (Stage stage = new Stage(1, _ -> hang())) {
            stage.accept(1);
            Stage.await(() -> stage.calls.size() == 1);
            stage.accept(2);

            // When
            Standing running = stage.execution.standing(jobId(1)).orElseThrow();
            Standing waiting = stage.execution.standing(jobId(2)).orElseThrow();

            // Then
            assertThat(running.attempts()).isEqualTo(1);
            assertThat(running.startedAt()).contains(NOON);
            assertThat(running.place()).isEmpty();
            assertThat(running.history())
                    .singleElement()
                    .returns("running", AttemptReport::getOutcome)
                    .returns("p", AttemptReport::getProvider)
                    .returns(null, AttemptReport::getEndedAt);
            assertThat(waiting.attempts()).isZero();
            assertThat(waiting.startedAt()).isEmpty();
            assertThat(waiting.place()).map(QueuePlace::position).contains(1);
            assertThat(stage.execution.standing(jobId(3))).isEmpty();
            go.countDown();
            stage.next();
            stage.next();
            assertThat(stage.execution.standing(jobId(1))).isEmpty();
        }
    }

    @Test
    void jobThatWaitsForItsNextAttemptTellsOfTheLast() {
        // Given
        try (Stage stage =
                new Stage(
                        1,
                        _ ->
                                new Outcome.Retryable(
                                        503,
                                        new byte[0],
                                        Jobs.ERROR,
                                        Optional.of(Duration.ofSeconds(2))))) {
            stage.accept(1);

            // When
            Stage.await(() ->
                    stage.execution
                            .standing(jobId(1))
                            .flatMap(Standing::place)
                            .filter(place -> place.reason() == WaitReason.PAUSE)
                            .isPresent());

            // Then
            Standing standing = stage.execution.standing(jobId(1)).orElseThrow();
            assertThat(standing.attempts()).isEqualTo(1);
            assertThat(standing.history())
                    .singleElement()
                    .returns("retryable", AttemptReport::getOutcome)
                    .returns(503, AttemptReport::getHttpStatus)
                    .returns("overloaded", AttemptReport::getError);
        }
    }

    @Test
    void resultTellsOfEveryAttempt() {
        // Given
        AtomicInteger calls = new AtomicInteger();
        try (Stage stage =
                new Stage(
                        1,
                        _ ->
                                calls.incrementAndGet() == 1
                                        ? new Outcome.Retryable(
                                                503, new byte[0], Jobs.ERROR, Optional.empty())
                                        : Stage.OK)) {
            // When
            stage.accept(1);

            // Then
            InferenceResult result = ((Terminal) stage.next().ending()).result();
            assertThat(result.getHistory())
                    .extracting(AttemptReport::getOutcome)
                    .containsExactly("retryable", "completed");
            assertThat(result.getHistory())
                    .extracting(AttemptReport::getNumber)
                    .containsExactly(1, 2);
        }
    }

    @Test
    void historyGoesWithAJobThatMoves() {
        // Given
        try (Stage stage =
                new Stage(
                        1,
                        _ ->
                                new Outcome.Retryable(
                                        429,
                                        new byte[0],
                                        Jobs.ERROR,
                                        Optional.of(Duration.ofSeconds(20))))) {
            // When
            stage.accept(1);

            // Then
            Moved moved = (Moved) stage.next().ending();
            assertThat(moved.record().getSubmit().getHistory())
                    .singleElement()
                    .returns("retryable", AttemptReport::getOutcome)
                    .returns(429, AttemptReport::getHttpStatus);
            assertThat(Progress.of(moved.record().getSubmit()).history()).hasSize(1);
        }
    }

    @Test
    void historyIsBoundedAndTellsOfEachAttemptOnce() {
        // Given
        AttemptStarted started =
                AttemptStarted.newBuilder()
                        .setJobId(jobId(1))
                        .setTenant("acme")
                        .setAttempt(1)
                        .setSource(new io.millrace.schemas.avro.SourcePosition("requests", 0, 0L))
                        .setProvider("p")
                        .setTarget("t")
                        .setModel("m")
                        .setProcess("process")
                        .setStartedAt(NOON)
                        .setDeadline(NOON)
                        .build();

        // When
        List<AttemptReport> history = new ArrayList<>();
        for (int i = 1; i <= History.MOST + 5; i++) {
            AttemptStarted each = AttemptStarted.newBuilder(started).setAttempt(i).build();
            history = History.with(history, History.running(each));
            history = History.with(history, History.of(each, Stage.OK, NOON));
        }

        // Then
        assertThat(history).hasSize(History.MOST);
        assertThat(history).extracting(AttemptReport::getOutcome).containsOnly("completed");
        assertThat(history.getLast().getNumber()).isEqualTo(History.MOST + 5);
        assertThat(submit(1).build().getHistory()).isEmpty();
    }

    private Outcome hang() {
        try {
            if (!go.await(20, TimeUnit.SECONDS)) {
                throw new AssertionError("nobody let it go");
            }
            return Stage.OK;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
