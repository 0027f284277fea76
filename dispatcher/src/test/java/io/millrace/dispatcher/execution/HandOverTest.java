package io.millrace.dispatcher.execution;

import static io.millrace.dispatcher.Samples.HOME;
import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.REQUESTS;
import static io.millrace.dispatcher.Samples.request;
import static io.millrace.dispatcher.Samples.submit;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.settlement.Frontier;
import io.millrace.dispatcher.settlement.PriorAttempt;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.dispatcher.settlement.Settlement.Ending.Moved;
import io.millrace.dispatcher.settlement.Settlement.Ending.Terminal;
import io.millrace.dispatcher.settlement.SlotState;
import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.avro.Delivery;
import io.millrace.schemas.avro.Handoff;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.avro.WasteRecord;
import io.millrace.schemas.money.Usage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** A slot that moves while calls run: no call is repeated, and none is forgotten. */
class HandOverTest {

    private static final byte[] BODY = "{\"id\":\"x\"}".getBytes(StandardCharsets.UTF_8);
    private static final Outcome ANSWER = new Outcome.Completed(200, BODY, Usage.of(7, 3));

    private final CountDownLatch go = new CountDownLatch(1);

    @Test
    void callThatEndsAfterItsSlotIsLostIsHandedOver() {
        // Given
        try (Stage stage = new Stage(1, _ -> after(go, ANSWER))) {
            stage.accept(1);
            Stage.await(() -> stage.calls.size() == 1);

            // When
            stage.ownership.disown(List.of(HOME));
            go.countDown();

            // Then
            Handoff handoff = stage.nextHandoff();
            assertThat(handoff.getOutcome()).isEqualTo("completed");
            assertThat(handoff.getAttempt()).isEqualTo(1);
            assertThat(handoff.getUsage().getInputTokens()).isEqualTo(7);
            assertThat(handoff.getBody().getInline()).isEqualTo(ByteBuffer.wrap(BODY));
            assertThat(stage.further()).isEmpty();
        }
    }

    @Test
    void settlementThatIsVoidCarriesWhatTheNextOwnerIsTold() {
        // Given
        try (Stage stage = new Stage(1, _ -> ANSWER)) {
            stage.accept(1);
            Settlement settlement = stage.next();

            // When
            stage.execution.lost(settlement);

            // Then
            Handoff handoff = stage.nextHandoff();
            assertThat(handoff.getOutcome()).isEqualTo("completed");
            assertThat(handoff.getBody().getInline().remaining()).isEqualTo(BODY.length);
        }
    }

    @Test
    void attemptWhoseSlotIsLostBeforeTheCallIsHandedOverAsNotMade() {
        // Given
        try (Stage stage = new Stage(1, _ -> ANSWER)) {
            stage.log.beforeAck(() -> stage.ownership.disown(List.of(HOME)));

            // When
            stage.accept(1);

            // Then
            assertThat(stage.nextHandoff().getOutcome()).isEqualTo("not_made");
            assertThat(stage.calls).isEmpty();
        }
    }

    @Test
    void wordOfAnEarlierAttemptOfTheSameNumberIsNotTakenForTheLast() {
        // Given
        try (Stage stage = new Stage(1, _ -> ANSWER, inherited("other"))) {
            stage.accept(1);
            AttemptStarted unacknowledged =
                    AttemptStarted.newBuilder(started("other"))
                            .setStartedAt(started("other").getStartedAt().minusSeconds(1))
                            .build();

            // When
            tell(stage, Handoffs.notMade(unacknowledged, NOON));

            // Then
            assertThat(stage.further()).isEmpty();
            assertThat(stage.calls).isEmpty();
            tell(stage, told(ANSWER));
            assertThat(terminal(stage.next()).result().getStatus()).isEqualTo(JobStatus.COMPLETED);
        }
    }

    @Test
    void outcomeThatIsHandedOverIsSettledAsOnesOwn() {
        // Given
        try (Stage stage = new Stage(1, _ -> ANSWER, inherited("other"))) {
            stage.accept(1);
            assertThat(stage.further()).isEmpty();

            // When
            tell(stage, told(ANSWER));

            // Then
            Settlement settlement = stage.next();
            InferenceResult result = terminal(settlement).result();
            assertThat(result.getStatus()).isEqualTo(JobStatus.COMPLETED);
            assertThat(result.getStartedAt()).isEqualTo(NOON.minusSeconds(9));
            assertThat(result.getProvider()).isEqualTo("p");
            assertThat(result.getAttempts()).isEqualTo(1);
            assertThat(terminal(settlement).usage().getUsage().getInputTokens()).isEqualTo(7);
            assertThat(terminal(settlement).waste()).isEmpty();
            assertThat(settlement.attempts()).containsExactly(70L);
            assertThat(stage.calls).isEmpty();
        }
    }

    @Test
    void outcomeMayBeHandedOverBeforeTheRecordIsRead() {
        // Given
        try (Stage stage = new Stage(1, _ -> ANSWER, inherited("other"))) {
            tell(stage, told(ANSWER));

            // When
            stage.accept(1);

            // Then
            assertThat(status(stage.next())).isEqualTo(JobStatus.COMPLETED);
            assertThat(stage.calls).isEmpty();
        }
    }

    @Test
    void outcomeIsTakenOnce() {
        // Given
        try (Stage stage = new Stage(1, _ -> ANSWER, inherited("other"))) {
            stage.accept(1);

            // When
            tell(stage, told(ANSWER));
            tell(stage, told(ANSWER));

            // Then
            stage.next();
            stage.awaitIdle();
            assertThat(stage.further()).isEmpty();
        }
    }

    @Test
    void attemptThatIsGivenUpIsWasteAndMadeAgain() {
        // Given
        try (Stage stage = new Stage(1, _ -> ANSWER, inherited("other"))) {
            stage.accept(1);

            // When
            giveUp(stage, "process_gone");
            tell(stage, told(ANSWER));

            // Then
            Settlement settlement = stage.next();
            assertThat(terminal(settlement).waste())
                    .extracting(WasteRecord::getReason)
                    .containsExactly("process_gone");
            assertThat(terminal(settlement).result().getAttempts()).isEqualTo(2);
            assertThat(stage.calls).hasSize(1);
            stage.awaitIdle();
            assertThat(stage.further()).isEmpty();
        }
    }

    @Test
    void attemptThatWasNotMadeIsNoWaste() {
        // Given
        try (Stage stage = new Stage(1, _ -> ANSWER, inherited("other"))) {
            stage.accept(1);

            // When
            tell(stage, Handoffs.notMade(started("other"), NOON));

            // Then
            assertThat(terminal(stage.next()).waste()).isEmpty();
            assertThat(stage.calls).hasSize(1);
        }
    }

    @Test
    void retryableOutcomeThatIsHandedOverIsTriedAgain() {
        // Given
        try (Stage stage = new Stage(1, _ -> ANSWER, inherited("other"))) {
            stage.accept(1);

            // When
            tell(
                    stage,
                    told(
                            new Outcome.Retryable(
                                    429, BODY, Jobs.ERROR, Optional.of(Duration.ofSeconds(20)))));

            // Then
            Moved moved = (Moved) stage.next().ending();
            Submit again = moved.record().getSubmit();
            assertThat(again.getAttempts()).isEqualTo(1);
            assertThat(again.getStartedAt()).isEqualTo(NOON.minusSeconds(9));
            assertThat(again.getProvider()).isEqualTo("p");
            assertThat(moved.waste()).isEmpty();
        }
    }

    @Test
    void atMostOnceJobEndsWithTheOutcomeThatIsHandedOver() {
        // Given
        try (Stage stage = new Stage(1, _ -> ANSWER, inherited("other"))) {
            Submit submit =
                    submit(1)
                            .setRequest(request().setDelivery(Delivery.AT_MOST_ONCE).build())
                            .build();
            stage.execution.accept(Jobs.job(stage.job(1).slot(), submit, 1));

            // When
            tell(stage, told(ANSWER));

            // Then
            assertThat(status(stage.next())).isEqualTo(JobStatus.COMPLETED);
        }
    }

    @Test
    void ownCallIsAdoptedWhenItsSlotComesBack() {
        // Given
        try (Stage stage = new Stage(2, _ -> after(go, ANSWER))) {
            stage.accept(1);
            Stage.await(() -> stage.calls.size() == 1);
            stage.ownership.disown(List.of(HOME));
            AttemptStarted running = stage.log.entries().getFirst().getStarted();
            stage.take(state(running, 0));
            stage.accept(1);

            // When
            go.countDown();
            tell(stage, stage.nextHandoff());

            // Then
            assertThat(status(stage.next())).isEqualTo(JobStatus.COMPLETED);
            assertThat(stage.calls).hasSize(1);
        }
    }

    @Test
    void handOverOfAFormerOwnershipIsIgnoredOnceTheSlotIsLostAgain() {
        // Given
        try (Stage stage = new Stage(1, _ -> ANSWER, inherited("other"))) {
            var slot = stage.job(1).slot();
            stage.accept(1);

            // When
            stage.ownership.disown(List.of(HOME));

            // Then
            assertThat(stage.execution.adoptions().open()).isEmpty();
            stage.execution.adoptions().handedOver(slot, told(ANSWER));
            assertThat(stage.further()).isEmpty();
        }
    }

    @Test
    void attemptKeepsWhatItHoldsThoughOneOfItsNumberWasNotMade() {
        // Given
        AttemptStarted made = started("other");
        AttemptStarted notMade =
                AttemptStarted.newBuilder(made).setStartedAt(NOON.minusSeconds(10)).build();
        SlotState state =
                state(
                        new PriorAttempt(notMade, 69, PriorAttempt.End.NOT_MADE),
                        new PriorAttempt(made, 70, PriorAttempt.End.OPEN));
        try (Stage stage = new Stage(2, _ -> ANSWER, state)) {
            stage.accept(2); // opens the account
            stage.next();
            stage.awaitIdle();

            // When
            stage.accept(1);

            // Then
            assertThat(stage.execution.reservations()).isEqualTo(1);
        }
    }

    private static Outcome after(CountDownLatch go, Outcome outcome) {
        try {
            if (!go.await(20, java.util.concurrent.TimeUnit.SECONDS)) {
                throw new AssertionError("nobody let it go on");
            }
            return outcome;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void tell(Stage stage, Handoff handoff) {
        stage.execution.adoptions().handedOver(stage.job(1).slot(), handoff);
    }

    private static void giveUp(Stage stage, String reason) {
        stage.execution
                .adoptions()
                .open()
                .forEach(each -> stage.execution.adoptions().giveUp(each, reason));
    }

    private static Handoff told(Outcome outcome) {
        Handoff handoff = Handoffs.of(started("other"), outcome, NOON);
        return Handoffs.with(handoff, io.millrace.dispatcher.Samples.payload(BODY));
    }

    private static SlotState inherited(String process) {
        return state(started(process), 70);
    }

    private static SlotState state(AttemptStarted started, long journalOffset) {
        return state(new PriorAttempt(started, journalOffset, PriorAttempt.End.OPEN));
    }

    private static SlotState state(PriorAttempt... attempts) {
        return new SlotState(
                HOME,
                Map.of(REQUESTS, Frontier.at(0)),
                Map.of(),
                Map.of(REQUESTS, new TreeMap<>(Map.of(1L, List.of(attempts)))),
                80);
    }

    private static AttemptStarted started(String process) {
        return AttemptStarted.newBuilder()
                .setJobId(submit(1).getJobId())
                .setTenant("acme")
                .setAttempt(1)
                .setSource(new SourcePosition(REQUESTS.topic(), HOME, 1L))
                .setProvider("p")
                .setTarget("t")
                .setModel("m")
                .setProcess(process)
                .setStartedAt(NOON.minusSeconds(9))
                .setDeadline(NOON.plusSeconds(60))
                .setEstimatedInputTokens(100)
                .build();
    }

    private static Terminal terminal(Settlement settlement) {
        return (Terminal) settlement.ending();
    }

    private static JobStatus status(Settlement settlement) {
        return terminal(settlement).result().getStatus();
    }
}
