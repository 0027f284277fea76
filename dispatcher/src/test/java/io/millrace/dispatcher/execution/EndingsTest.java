package io.millrace.dispatcher.execution;

import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.jobId;
import static io.millrace.dispatcher.Samples.submit;
import static io.millrace.dispatcher.execution.Jobs.ERROR;
import static io.millrace.dispatcher.execution.Jobs.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import io.millrace.dispatcher.execution.Verdict.End;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.dispatcher.settlement.Settlement.Ending.Moved;
import io.millrace.dispatcher.settlement.Settlement.Ending.Terminal;
import io.millrace.schemas.avro.BatchLine;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.Tier;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.blob.DirectoryBlobStore;
import io.millrace.schemas.money.Usage;
import io.millrace.schemas.topic.Topic;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndingsTest {

    @TempDir Path blobs;

    private final OwnedSlot slot = Samples.slot();
    private ClaimCheck claimCheck = new ClaimCheck(new DirectoryBlobStore(Path.of("unused")));
    private Endings endings = new Endings(claimCheck);

    @BeforeEach
    void storeInTheTemporaryDirectory() {
        claimCheck = new ClaimCheck(new DirectoryBlobStore(blobs));
        endings = new Endings(claimCheck);
    }

    @Test
    void resultAndUsageTellTheSameOfACompletedJob() throws IOException {
        // Given
        Job job = completed(submitJob(), Usage.of(1_000, 500));
        End end = new End(JobStatus.COMPLETED, 200, new byte[] {7}, Verdict.NO_ERROR);

        // When
        Terminal terminal = terminal(job, end);

        // Then
        var result = terminal.result();
        var usage = terminal.usage();
        // 1,000 tokens at 1 $ and 500 at 2 $ a million are 0.002 $
        assertThat(result.getCostNanoUsd()).isEqualTo(2_000_000);
        assertThat(usage.getCostNanoUsd()).isEqualTo(result.getCostNanoUsd());
        assertThat(usage.getUsage()).isEqualTo(result.getUsage());
        assertThat(usage.getAttempts()).isEqualTo(1);
        assertThat(result.getAttempts()).isEqualTo(1);
        assertThat(usage.getPriceVersion()).isEqualTo(3);
        assertThat(usage.getStatus()).isEqualTo(JobStatus.COMPLETED);
        assertThat(result.getStatus()).isEqualTo(JobStatus.COMPLETED);
        assertThat(result.getHttpStatus()).isEqualTo(200);
        assertThat(result.getError()).isNull();
        assertThat(result.getProvider()).isEqualTo("p");
        assertThat(result.getProviderModel()).isEqualTo("t");
        assertThat(usage.getProvider()).isEqualTo("p");
        assertThat(usage.getTarget()).isEqualTo("t");
        assertThat(result.getStartedAt()).isEqualTo(NOON);
        assertThat(result.getCompletedAt()).isEqualTo(NOON.plusSeconds(1));
        assertThat(usage.getCompletedAt()).isEqualTo(result.getCompletedAt());
        assertThat(usage.getTier()).isEqualTo(Tier.DEFAULT);
        assertThat(claimCheck.checkOut(result.getBody())).containsExactly(7);
        assertThat(result.getSource()).isEqualTo(job.position());
    }

    @Test
    void settlementAccountsForEveryJournalledAttemptAndItsWaste() throws IOException {
        // Given
        Job job = submitJob();
        Progress progress =
                job.progress()
                        .started(11, NOON)
                        .wasted(
                                Journal.waste(
                                        new Journal(new FakeLog(), "x")
                                                .attempt(
                                                        job,
                                                        Jobs.route(),
                                                        TARGET,
                                                        new TokenBounds(tokens(100), tokens(50)),
                                                        NOON,
                                                        NOON),
                                        "deadline",
                                        Jobs.route().price(),
                                        NOON))
                        .started(12, NOON)
                        .used(Usage.of(10, 5));

        // When
        Settlement settlement =
                endings.end(
                        job.with(progress),
                        new End(JobStatus.COMPLETED, 200, new byte[0], Verdict.NO_ERROR),
                        Optional.of(Jobs.route()),
                        NOON);

        // Then
        assertThat(settlement.attempts()).containsExactly(11L, 12L);
        Terminal terminal = (Terminal) settlement.ending();
        assertThat(terminal.result().getAttempts()).isEqualTo(2);
        assertThat(terminal.usage().getUsage()).isEqualTo(Usage.of(10, 5).toRecord());
        assertThat(terminal.waste()).hasSize(1);
        var waste = terminal.waste().getFirst();
        assertThat(waste.getReason()).isEqualTo("deadline");
        assertThat(waste.getEstimate().getEstimated()).isTrue();
        assertThat(waste.getEstimate().getInputTokens()).isEqualTo(100);
        // 100 at 1 $ and 50 at 2 $ a million
        assertThat(waste.getCostNanoUsd()).isEqualTo(200_000);
    }

    @Test
    void jobThatNoProviderAnsweredHasNoHttpStatusBodyOrProvider() throws IOException {
        // When
        Terminal terminal = terminal(submitJob(), Judge.expired());

        // Then
        assertThat(terminal.result().getStatus()).isEqualTo(JobStatus.EXPIRED);
        assertThat(terminal.result().getHttpStatus()).isNull();
        assertThat(terminal.result().getBody()).isNull();
        assertThat(terminal.result().getProvider()).isNull();
        assertThat(terminal.result().getStartedAt()).isNull();
        assertThat(terminal.result().getError().getCode()).isEqualTo("expired");
        assertThat(terminal.usage().getProvider()).isEmpty();
        assertThat(terminal.usage().getStartedAt()).isEqualTo(NOON.plusSeconds(1));
        assertThat(terminal.usage().getCostNanoUsd()).isZero();
    }

    @Test
    void bodyTooLargeToTravelIsAClaimCheck() throws IOException {
        // Given
        byte[] large = new byte[ClaimCheck.INLINE_BYTES + 1];
        large[large.length - 1] = 5;

        // When
        Terminal terminal =
                terminal(
                        completed(submitJob(), Usage.NONE),
                        new End(JobStatus.COMPLETED, 200, large, Verdict.NO_ERROR));

        // Then
        var body = terminal.result().getBody();
        assertThat(body.getInline()).isNull();
        assertThat(body.getBlob().getKey()).isEqualTo("results/" + jobId(1) + "-1");
        assertThat(claimCheck.checkOut(body)).isEqualTo(large);
    }

    @Test
    void batchLineIsBilledAsOne() throws IOException {
        // Given
        BatchLine line = new BatchLine("batch_" + jobId(1).substring(4), 3, "mine");
        Job job = Jobs.job(slot, submit(1).setBatchLine(line).build(), 0);

        // When
        Terminal terminal = terminal(job, Judge.expired());

        // Then
        assertThat(terminal.usage().getBatch()).isTrue();
        assertThat(terminal.usage().getTier()).isEqualTo(Tier.BATCH);
        assertThat(terminal.result().getBatchLine()).isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource({
        "PT2.001S, RETRIES_5S",
        "PT5S,     RETRIES_5S",
        "PT5.001S, RETRIES_30S",
        "PT30S,    RETRIES_30S",
        "PT31S,    RETRIES_5M",
        "PT5M1S,   RETRIES_30M",
        "PT30M,    RETRIES_30M",
        "PT2H,     RETRIES_30M"
    })
    void jobMovesToTheNextLongerRetryTopic(Duration wait, Topic topic) {
        // When
        Moved moved = (Moved) endings.later(submitJob(), wait, NOON).ending();

        // Then
        assertThat(moved.topic()).isEqualTo(topic);
        assertThat(moved.record().getSubmit().getNotBefore()).isEqualTo(NOON.plus(wait));
    }

    @Test
    void movedJobTakesItsAttemptsUsageTraceAndWasteAlong() {
        // Given
        Job plain =
                new Job(
                        submit(1).build(),
                        slot,
                        Samples.requests(slot),
                        0,
                        Optional.of("00-trace"),
                        Progress.of(0, Usage.NONE));
        Job job = plain.with(plain.progress().started(8, NOON).used(Usage.of(2, 3)));

        // When
        Settlement settlement = endings.later(job, Duration.ofSeconds(3), NOON);

        // Then
        Moved moved = (Moved) settlement.ending();
        assertThat(moved.record().getSubmit().getAttempts()).isEqualTo(1);
        assertThat(moved.record().getSubmit().getUsage()).isEqualTo(Usage.of(2, 3).toRecord());
        assertThat(moved.record().getSubmit().getJobId()).isEqualTo(jobId(1));
        assertThat(moved.traceparent()).contains("00-trace");
        assertThat(settlement.attempts()).containsExactly(8L);
    }

    @Test
    void errorIsThereWhenTheJobFailed() throws IOException {
        // When
        Terminal terminal =
                terminal(
                        completed(submitJob(), Usage.NONE),
                        new End(JobStatus.FAILED, 503, new byte[0], ERROR));

        // Then
        assertThat(terminal.result().getError().getCode()).isEqualTo(ERROR.code());
        assertThat(terminal.result().getError().getType()).isEqualTo(ERROR.type());
        assertThat(terminal.result().getHttpStatus()).isEqualTo(503);
    }

    private Job submitJob() {
        return Jobs.job(slot, submit(1).build(), 0);
    }

    private static Job completed(Job job, Usage usage) {
        return job.with(
                job.progress()
                        .started(4, NOON)
                        .used(usage)
                        .ended(new Progress.Last(TARGET, 200, new byte[0], Verdict.NO_ERROR)));
    }

    private Terminal terminal(Job job, End end) throws IOException {
        return (Terminal)
                endings.end(job, end, Optional.of(Jobs.route()), NOON.plusSeconds(1)).ending();
    }

    private static io.millrace.schemas.money.Tokens tokens(long count) {
        return new io.millrace.schemas.money.Tokens(count);
    }
}
