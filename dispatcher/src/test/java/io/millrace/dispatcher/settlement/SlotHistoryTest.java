package io.millrace.dispatcher.settlement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.dispatcher.settlement.PriorAttempt.End;
import io.millrace.schemas.avro.AttemptEnded;
import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.avro.AttemptsRecord;
import io.millrace.schemas.avro.LedgerEntry;
import io.millrace.schemas.avro.SourceFrontier;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.topic.Topic;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SlotHistoryTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final int SLOT = 3;
    private static final long JOB = 7;

    private final SlotHistory history = new SlotHistory(SLOT);

    @Test
    void anExpelledProcessEndsItsOwnAttemptOnly() {
        // Given
        history.add(10, started("owner"));
        history.add(11, started("expelled"));

        // When
        history.add(12, ended("not_made", "expelled"));

        // Then
        assertThat(ends()).containsExactly(End.OPEN, End.NOT_MADE);
    }

    @Test
    void attemptThatAStoppedProcessJournalsBehindItsSuccessorsIsNotTheLast() {
        // Given
        history.add(10, started("owner", NOW.plusSeconds(9)));
        history.add(11, started("expelled", NOW));

        // When
        history.add(12, ended("not_made", "expelled"));

        // Then
        assertThat(ends()).containsExactly(End.NOT_MADE, End.OPEN);
    }

    @Test
    void whoAdoptedAnAttemptMayEndIt() {
        history.add(10, started("former"));

        history.add(11, ended("retryable", null));

        assertThat(ends()).containsExactly(End.RETRYABLE);
    }

    @Test
    void ledgerThatIsBehindWhatTheGroupCommittedIsLostAndNothingStarts() {
        history.requireSettled(0); // nothing was ever settled

        assertThatThrownBy(() -> history.requireSettled(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("slot-ledger 3 is lost", "0", "1");

        history.add(
                "frontier",
                LedgerEntry.newBuilder()
                        .setFrontier(
                                SourceFrontier.newBuilder()
                                        .setTopic(Topic.REQUESTS.topicName())
                                        .setPartition(SLOT)
                                        .setLowestOpen(9)
                                        .build())
                        .build());
        history.requireSettled(9);
        assertThatThrownBy(() -> history.requireSettled(10))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void entryOfAKindThatNobodyKnowsIsRefused() {
        assertThatThrownBy(() -> history.add("later", new LedgerEntry()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("unknown to this version");
    }

    private List<End> ends() {
        return history.state().priorAttempts().values().stream()
                .flatMap(byOffset -> byOffset.values().stream())
                .flatMap(List::stream)
                .map(PriorAttempt::end)
                .toList();
    }

    private static AttemptsRecord started(String process) {
        return started(process, NOW);
    }

    private static AttemptsRecord started(String process, Instant at) {
        AttemptStarted started =
                AttemptStarted.newBuilder()
                        .setJobId("job")
                        .setTenant("acme")
                        .setAttempt(1)
                        .setSource(source())
                        .setProvider("simulated")
                        .setTarget("sim")
                        .setModel("fast")
                        .setProcess(process)
                        .setStartedAt(at)
                        .setDeadline(NOW.plusSeconds(60))
                        .build();
        return AttemptsRecord.newBuilder().setStarted(started).build();
    }

    private static AttemptsRecord ended(String outcome, @Nullable String process) {
        AttemptEnded ended =
                AttemptEnded.newBuilder()
                        .setJobId("job")
                        .setAttempt(1)
                        .setSource(source())
                        .setOutcome(outcome)
                        .setEndedAt(NOW)
                        .setProcess(process)
                        .build();
        return AttemptsRecord.newBuilder().setEnded(ended).build();
    }

    private static SourcePosition source() {
        return new SourcePosition(Topic.REQUESTS.topicName(), SLOT, JOB);
    }
}
