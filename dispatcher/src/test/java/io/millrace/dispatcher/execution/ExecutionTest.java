package io.millrace.dispatcher.execution;

import static io.millrace.dispatcher.Samples.HOME;
import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.REQUESTS;
import static io.millrace.dispatcher.Samples.jobId;
import static io.millrace.dispatcher.Samples.request;
import static io.millrace.dispatcher.Samples.requests;
import static io.millrace.dispatcher.Samples.submit;
import static io.millrace.dispatcher.execution.Jobs.ERROR;
import static io.millrace.dispatcher.execution.Stage.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.settlement.Frontier;
import io.millrace.dispatcher.settlement.PriorAttempt;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.dispatcher.settlement.Settlement.Ending.Moved;
import io.millrace.dispatcher.settlement.Settlement.Ending.Terminal;
import io.millrace.dispatcher.settlement.SlotState;
import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.avro.BlobRef;
import io.millrace.schemas.avro.Delivery;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.money.Usage;
import io.millrace.schemas.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ExecutionTest {

    private static final Outcome BUSY =
            new Outcome.Retryable(503, new byte[0], ERROR, Optional.empty());
    private static final Outcome UNKNOWN = new Outcome.Unknown("broken_answer", ERROR);

    @Test
    void jobIsJournalledCalledAndSettled() {
        try (Stage stage = new Stage(10, _ -> OK)) {
            // When
            stage.accept(1);

            // Then
            Settlement settlement = stage.next();
            Terminal terminal = (Terminal) settlement.ending();
            assertThat(terminal.result().getStatus()).isEqualTo(JobStatus.COMPLETED);
            assertThat(terminal.result().getCostNanoUsd()).isEqualTo(1_000_000);
            assertThat(settlement.offset()).isEqualTo(1);
            assertThat(settlement.attempts()).containsExactly(0L);
            assertThat(stage.calls).singleElement().matches(call -> call.attempt() == 1);
            assertThat(stage.log.started()).isEqualTo(1);
            assertThat(stage.log.ended()).isZero();
            stage.awaitIdle();
            assertThat(stage.job(1).source().waiting().jobs()).isEqualTo(0);
        }
    }

    @Test
    void retryableOutcomeIsRecordedAndFollowedByAnotherAttempt() {
        try (Stage stage = new Stage(10, call -> call.attempt() == 1 ? BUSY : OK)) {
            // When
            stage.accept(1);

            // Then
            Settlement settlement = stage.next();
            Terminal terminal = (Terminal) settlement.ending();
            assertThat(terminal.result().getStatus()).isEqualTo(JobStatus.COMPLETED);
            assertThat(terminal.result().getAttempts()).isEqualTo(2);
            assertThat(terminal.waste()).isEmpty();
            assertThat(settlement.attempts()).hasSize(2);
            assertThat(stage.log.ended()).isEqualTo(1);
        }
    }

    @Test
    void unknownOutcomeIsWasteAndFollowedByAnotherAttempt() {
        try (Stage stage = new Stage(10, call -> call.attempt() == 1 ? UNKNOWN : OK)) {
            // When
            stage.accept(1);

            // Then
            Terminal terminal = (Terminal) stage.next().ending();
            assertThat(terminal.result().getStatus()).isEqualTo(JobStatus.COMPLETED);
            assertThat(terminal.waste()).hasSize(1);
            assertThat(terminal.waste().getFirst().getReason()).isEqualTo("broken_answer");
            assertThat(terminal.waste().getFirst().getAttempt()).isEqualTo(1);
        }
    }

    @Test
    void atMostOnceEndsUnknownWithoutASecondCall() {
        try (Stage stage = new Stage(10, _ -> UNKNOWN)) {
            // When
            stage.execution.accept(atMostOnce(stage));

            // Then
            Terminal terminal = (Terminal) stage.next().ending();
            assertThat(terminal.result().getStatus()).isEqualTo(JobStatus.OUTCOME_UNKNOWN);
            assertThat(terminal.waste()).hasSize(1);
            assertThat(stage.calls).hasSize(1);
        }
    }

    @Test
    void atMostOnceIsTriedAgainAfterAnOutcomeThatIsKnown() {
        try (Stage stage = new Stage(10, call -> call.attempt() == 1 ? BUSY : OK)) {
            // When
            stage.execution.accept(atMostOnce(stage));

            // Then
            Terminal terminal = (Terminal) stage.next().ending();
            assertThat(terminal.result().getStatus()).isEqualTo(JobStatus.COMPLETED);
        }
    }

    @Test
    void attemptsOfAFormerOwnerCountAndTheUnknownOnesAreWaste() {
        // Given
        try (Stage stage = new Stage(10, _ -> OK, inherited(true, false))) {
            // When
            stage.accept(1);

            // Then
            Settlement settlement = stage.next();
            Terminal terminal = (Terminal) settlement.ending();
            assertThat(stage.calls).singleElement().matches(call -> call.attempt() == 3);
            assertThat(terminal.result().getAttempts()).isEqualTo(3);
            assertThat(terminal.waste()).singleElement().matches(waste -> waste.getAttempt() == 2);
            assertThat(terminal.waste().getFirst().getReason()).isEqualTo("process_gone");
            assertThat(terminal.waste().getFirst().getCostNanoUsd()).isPositive();
            assertThat(settlement.attempts()).contains(70L, 71L).hasSize(3);
        }
    }

    @Test
    void atMostOnceThatAFormerOwnerMayHaveCalledIsNotCalled() {
        // Given
        try (Stage stage = new Stage(10, _ -> OK, inherited(false))) {
            // When
            stage.execution.accept(atMostOnce(stage));

            // Then
            Terminal terminal = (Terminal) stage.next().ending();
            assertThat(terminal.result().getStatus()).isEqualTo(JobStatus.OUTCOME_UNKNOWN);
            assertThat(terminal.waste()).hasSize(1);
            assertThat(stage.calls).isEmpty();
        }
    }

    @Test
    void nobodyIsCalledWhenTheSlotIsLostWhileTheJournalAcknowledges() {
        try (Stage stage = new Stage(10, _ -> OK)) {
            // Given
            CountDownLatch acknowledged = new CountDownLatch(1);
            stage.log.beforeAck(() -> {
                stage.ownership.disown(List.of(HOME));
                acknowledged.countDown();
            });

            // When
            stage.accept(1);

            // Then
            await(acknowledged);
            stage.awaitIdle();
            assertThat(stage.calls).isEmpty();
            assertThat(stage.further()).isEmpty();
        }
    }

    @Test
    void jobWhoseAttemptCannotBeJournalledIsNotCalledAndTriedAgain() {
        try (Stage stage = new Stage(10, _ -> OK)) {
            // Given
            AtomicInteger tries = new AtomicInteger();
            stage.log.beforeAck(() -> {
                if (tries.incrementAndGet() == 1) {
                    throw new IllegalStateException("the journal does not answer");
                }
            });

            // When
            stage.accept(1);

            // Then
            Terminal terminal = (Terminal) stage.next().ending();
            assertThat(terminal.result().getStatus()).isEqualTo(JobStatus.COMPLETED);
            assertThat(terminal.result().getAttempts()).isEqualTo(1);
            assertThat(stage.calls).hasSize(1);
        }
    }

    @Test
    void noMoreCallsRunThanMay() throws InterruptedException {
        // Given
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        try (Stage stage =
                new Stage(
                        3,
                        _ -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            await(go);
                            running.decrementAndGet();
                            return OK;
                        })) {
            // When
            for (int number = 0; number < 20; number++) {
                stage.accept(number);
            }
            Stage.await(() -> running.get() == 3);
            assertThat(stage.execution.inFlight()).isEqualTo(3);
            assertThat(stage.job(1).source().waiting().jobs()).isEqualTo(17);
            go.countDown();

            // Then
            for (int number = 0; number < 20; number++) {
                stage.next();
            }
            assertThat(most).hasValue(3);
            stage.awaitIdle();
            assertThat(stage.job(1).source().waiting().jobs()).isEqualTo(0);
        }
    }

    @Test
    void providerIsNotCalledMoreAtATimeThanItTakes() {
        // Given
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (Stage stage =
                new Stage(
                        50,
                        _ -> {
                            most.accumulateAndGet(running.incrementAndGet(), Math::max);
                            Thread.onSpinWait();
                            running.decrementAndGet();
                            return OK;
                        })) {
            stage.provider(Jobs.provider("p").setConcurrency(2L).build());

            // When
            for (int number = 0; number < 100; number++) {
                stage.accept(number);
            }
            for (int number = 0; number < 100; number++) {
                stage.next();
            }

            // Then
            assertThat(most.get()).isBetween(1, 2);
        }
    }

    @Test
    void nothingStartsOnceItDrainsAndWhatRunsIsSettled() {
        // Given
        CountDownLatch go = new CountDownLatch(1);
        try (Stage stage =
                new Stage(
                        1,
                        _ -> {
                            await(go);
                            return OK;
                        })) {
            stage.accept(1);
            stage.accept(2);
            Stage.await(() -> stage.calls.size() == 1);

            // When
            stage.execution.drain();
            stage.accept(3);
            go.countDown();

            // Then
            assertThat(stage.next().offset()).isEqualTo(1);
            stage.awaitIdle();
            assertThat(stage.calls).hasSize(1);
            assertThat(stage.further()).isEmpty();
        }
    }

    @Test
    void jobThatExpiresWhileItWaitsIsNotCalled() {
        // Given
        CountDownLatch go = new CountDownLatch(1);
        try (Stage stage =
                new Stage(
                        1,
                        _ -> {
                            await(go);
                            return OK;
                        })) {
            stage.accept(1);
            Submit short2 =
                    submit(2)
                            .setRequest(request().setExpiresAt(NOON.plusSeconds(5)).build())
                            .build();
            stage.execution.accept(Jobs.job(stage.job(2).slot(), short2, 2));

            // When
            stage.now.set(NOON.plusSeconds(5));
            go.countDown();

            // Then
            List<JobStatus> ends = List.of(status(stage.next()), status(stage.next()));
            assertThat(ends).containsExactlyInAnyOrder(JobStatus.COMPLETED, JobStatus.EXPIRED);
            assertThat(stage.calls).hasSize(1);
        }
    }

    @Test
    void deadlineOfACallIsTheJobsExpiryWhenThatComesFirst() {
        try (Stage stage = new Stage(1, _ -> OK)) {
            // Given
            Submit submit =
                    submit(1)
                            .setRequest(request().setExpiresAt(NOON.plusSeconds(5)).build())
                            .build();

            // When
            stage.execution.accept(Jobs.job(stage.job(1).slot(), submit, 1));
            stage.next();
            stage.accept(2);
            stage.next();

            // Then
            assertThat(stage.calls.getFirst().deadline()).isEqualTo(NOON.plusSeconds(5));
            assertThat(stage.calls.getLast().deadline()).isEqualTo(NOON.plusSeconds(120));
        }
    }

    @Test
    void unknownModelFailsAndNobodyIsCalled() {
        try (Stage stage = new Stage(1, _ -> OK)) {
            // When
            stage.execution.accept(
                    Jobs.job(stage.job(1).slot(), submit(1).setModel("nope").build(), 1));

            // Then
            Terminal terminal = (Terminal) stage.next().ending();
            assertThat(terminal.result().getStatus()).isEqualTo(JobStatus.FAILED);
            assertThat(terminal.result().getError().getCode()).isEqualTo("model_not_found");
            assertThat(stage.calls).isEmpty();
        }
    }

    @Test
    void longWaitIsSpentInTheLog() {
        // Given
        Outcome later =
                new Outcome.Retryable(429, new byte[0], ERROR, Optional.of(Duration.ofSeconds(9)));
        try (Stage stage = new Stage(1, _ -> later)) {
            // When
            stage.accept(1);

            // Then
            Settlement settlement = stage.next();
            Moved moved = (Moved) settlement.ending();
            assertThat(moved.topic()).isEqualTo(Topic.RETRIES_30S);
            assertThat(moved.record().getSubmit().getAttempts()).isEqualTo(1);
            assertThat(settlement.attempts()).containsExactly(0L);
        }
    }

    @Test
    void jobThatMayNotStartYetIsNotCalledBeforeItsTime() {
        try (Stage stage = new Stage(1, _ -> OK)) {
            // Given
            long begin = System.nanoTime();

            // When
            stage.execution.accept(
                    Jobs.job(
                            stage.job(1).slot(),
                            submit(1).setNotBefore(NOON.plusMillis(200)).build(),
                            1));

            // Then
            stage.next();
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void jobThatExpiresInAPauseEndsThenAndNotAfterThePause() {
        try (Stage stage = new Stage(1, _ -> OK)) {
            // Given
            Submit paused =
                    submit(1)
                            .setNotBefore(NOON.plusSeconds(300))
                            .setRequest(request().setExpiresAt(NOON.plusSeconds(5)).build())
                            .build();
            stage.execution.accept(Jobs.job(stage.job(1).slot(), paused, 1));

            // When
            stage.now.set(NOON.plusSeconds(5));

            // Then
            assertThat(status(stage.next())).isEqualTo(JobStatus.EXPIRED);
            assertThat(stage.execution.waiting()).isEmpty();
            assertThat(stage.calls).isEmpty();
        }
    }

    @Test
    void providerThatBreaksItsPromiseGivesAnUnknownOutcome() {
        // Given
        try (Stage stage =
                new Stage(
                        1,
                        call -> {
                            if (call.attempt() == 1) {
                                throw new IllegalStateException("bug");
                            }
                            return OK;
                        })) {
            // When
            stage.accept(1);

            // Then
            Terminal terminal = (Terminal) stage.next().ending();
            assertThat(terminal.result().getStatus()).isEqualTo(JobStatus.COMPLETED);
            assertThat(terminal.waste()).hasSize(1);
            stage.awaitIdle();
        }
    }

    @Test
    void jobWhoseBodyIsLostFailsInsteadOfWaitingForEver() {
        try (Stage stage = new Stage(1, _ -> OK)) {
            // Given
            Payload lost = new Payload(null, new BlobRef("nowhere", 600_000L, "00"));
            Submit submit = submit(1).setRequest(request().setBody(lost).build()).build();

            // When
            stage.execution.accept(Jobs.job(stage.job(1).slot(), submit, 1));

            // Then
            Terminal terminal = (Terminal) stage.next().ending();
            assertThat(terminal.result().getError().getCode()).isEqualTo("request_body_lost");
            assertThat(stage.calls).isEmpty();
            assertThat(stage.log.entries()).isEmpty();
        }
    }

    @Test
    void jobThatCannotBePricedStillEnds() {
        // Given
        try (Stage stage =
                new Stage(
                        1, _ -> new Outcome.Completed(200, new byte[0], Usage.of(2_000_000, 0)))) {
            stage.model(
                    Jobs.model("m", "p")
                            .setInputNanoUsdPerMillion(Long.MAX_VALUE)
                            .setOutputNanoUsdPerMillion(Long.MAX_VALUE)
                            .build());

            // When
            stage.accept(1);

            // Then
            assertThat(status(stage.next())).isEqualTo(JobStatus.FAILED);
            stage.awaitIdle();
            assertThat(stage.further()).isEmpty();
        }
    }

    @Test
    void waitingJobsOfALostSlotAreForgotten() {
        // Given
        CountDownLatch go = new CountDownLatch(1);
        try (Stage stage =
                new Stage(
                        1,
                        _ -> {
                            await(go);
                            return OK;
                        })) {
            stage.accept(1);
            stage.accept(2);
            var source = requests(stage.job(1).slot());

            // When
            stage.ownership.disown(List.of(HOME));
            go.countDown();

            // Then
            Stage.await(() -> source.waiting().jobs() == 0);
            stage.awaitIdle();
            assertThat(stage.calls.size()).isLessThanOrEqualTo(1);
        }
    }

    private static Job atMostOnce(Stage stage) {
        Submit submit =
                submit(1).setRequest(request().setDelivery(Delivery.AT_MOST_ONCE).build()).build();
        return Jobs.job(stage.job(1).slot(), submit, 1);
    }

    /** The state of a slot whose former owner made attempts for the record at offset 1. */
    private static SlotState inherited(boolean... known) {
        List<PriorAttempt> attempts = new java.util.ArrayList<>();
        for (int i = 0; i < known.length; i++) {
            AttemptStarted started =
                    AttemptStarted.newBuilder()
                            .setJobId(jobId(1))
                            .setTenant("acme")
                            .setAttempt(i + 1)
                            .setSource(new SourcePosition(REQUESTS.topic(), HOME, 1L))
                            .setProvider("p")
                            .setTarget("t")
                            .setModel("m")
                            .setProcess("gone")
                            .setStartedAt(NOON.minusSeconds(9))
                            .setDeadline(NOON)
                            .setEstimatedInputTokens(100)
                            .build();
            attempts.add(
                    new PriorAttempt(
                            started,
                            70 + i,
                            known[i] ? PriorAttempt.End.RETRYABLE : PriorAttempt.End.UNKNOWN));
        }
        return new SlotState(
                HOME,
                Map.of(REQUESTS, Frontier.at(0)),
                Map.of(),
                Map.of(REQUESTS, new TreeMap<>(Map.of(1L, List.copyOf(attempts)))),
                80);
    }

    private static JobStatus status(Settlement settlement) {
        return ((Terminal) settlement.ending()).result().getStatus();
    }

    private static void await(CountDownLatch latch) {
        try {
            if (!latch.await(20, java.util.concurrent.TimeUnit.SECONDS)) {
                throw new AssertionError("nobody let it go on");
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
