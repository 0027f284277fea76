package io.millrace.dispatcher.execution;

import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.request;
import static io.millrace.dispatcher.Samples.submit;
import static io.millrace.dispatcher.execution.Jobs.ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.schemas.avro.Delivery;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.money.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class JudgeTest {

    private static final byte[] BODY = {1, 2};

    private final Judge judge = new Judge(4);

    /**
     * Outcome, wait it names in ms, delivery, attempts made, expiry after now in ms, synchronous →
     * verdict.
     */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "completed, -, AT_LEAST_ONCE, 1, -, false, end COMPLETED 200",
                "completed, -, AT_MOST_ONCE,  1, -, false, end COMPLETED 200",
                "completed, -, AT_LEAST_ONCE, 4, 0, true,  end COMPLETED 200",
                "refused,   -, AT_LEAST_ONCE, 1, -, false, end FAILED 400",
                "refused,   -, AT_MOST_ONCE,  1, -, false, end FAILED 400",
                "retryable, -, AT_LEAST_ONCE, 1, -, false, again PT0.25S",
                "retryable, -, AT_LEAST_ONCE, 2, -, false, again PT0.5S",
                "retryable, -, AT_LEAST_ONCE, 3, -, false, again PT1S",
                "retryable, -, AT_LEAST_ONCE, 4, -, false, end FAILED 503",
                "retryable, -, AT_MOST_ONCE,  1, -, false, again PT0.25S",
                "retryable, 2000,  AT_LEAST_ONCE, 1, -, false, again PT2S",
                "retryable, 2001,  AT_LEAST_ONCE, 1, -, false, later PT2.001S",
                "retryable, 2001,  AT_LEAST_ONCE, 1, -, true,  again PT2.001S",
                "retryable, 30000, AT_LEAST_ONCE, 1, -, true,  again PT30S",
                "retryable, 30001, AT_LEAST_ONCE, 1, -, true,  end FAILED 503",
                "retryable, 30001, AT_LEAST_ONCE, 1, -, false, later PT30.001S",
                "retryable, 5000,  AT_LEAST_ONCE, 1, 5000, false, end FAILED 503",
                "retryable, 5000,  AT_LEAST_ONCE, 1, 5001, false, later PT5S",
                "retryable, -,     AT_LEAST_ONCE, 1, 250, false, end FAILED 503",
                "retryable, 5000,  AT_LEAST_ONCE, 4, -, false, end FAILED 503",
                "unreached, -, AT_LEAST_ONCE, 4, -, false, end FAILED 502",
                "unknown,   -, AT_LEAST_ONCE, 1, -, false, again PT0.25S",
                "unknown,   -, AT_MOST_ONCE,  1, -, false, end OUTCOME_UNKNOWN 0",
                "unknown,   -, AT_MOST_ONCE,  1, 0, false, end OUTCOME_UNKNOWN 0",
                "unknown,   -, AT_LEAST_ONCE, 1, 0, false, end EXPIRED 0",
                "unknown,   -, AT_LEAST_ONCE, 4, -, false, end FAILED 502",
                "deadline,  -, AT_LEAST_ONCE, 4, -, false, end FAILED 504",
                "unknown,   -, AT_LEAST_ONCE, 1, 100, false, end FAILED 502",
                "deadline,  -, AT_LEAST_ONCE, 1, 50, false, end EXPIRED 0",
                "unreached, -, AT_LEAST_ONCE, 1, 0, false, end EXPIRED 0",
                "retryable, 5000, AT_LEAST_ONCE, 1, 0, false, end EXPIRED 0",
            })
    void verdictFollowsFromOutcomeDeliveryAttemptsAndExpiry(
            String outcome,
            @org.jspecify.annotations.Nullable Long waitMs,
            Delivery delivery,
            int attempts,
            @org.jspecify.annotations.Nullable Long expiresInMs,
            boolean synchronous,
            String expected) {
        // Given
        Instant expiry = expiresInMs == null ? null : NOON.plusMillis(expiresInMs);
        Submit submit =
                submit(1)
                        .setSynchronous(synchronous)
                        .setRequest(request().setExpiresAt(expiry).build())
                        .build();
        Job job = Jobs.after(Jobs.job(Samples.slot(), submit, 0), attempts);
        Optional<Duration> wait = Optional.ofNullable(waitMs).map(Duration::ofMillis);

        // When
        Verdict verdict = judge.after(job, outcome(outcome, wait), delivery, NOON);

        // Then
        assertThat(words(verdict)).isEqualTo(expected);
    }

    @Test
    void clientGetsTheBodyOfTheLastAnswer() {
        // When
        Verdict verdict =
                judge.after(
                        Jobs.after(Jobs.job(Samples.slot(), 1), 4),
                        new Outcome.Retryable(429, BODY, ERROR, Optional.empty()),
                        Delivery.AT_LEAST_ONCE,
                        NOON);

        // Then
        assertThat(verdict).isEqualTo(new Verdict.End(JobStatus.FAILED, 429, BODY, ERROR));
    }

    @ParameterizedTest
    @EnumSource(value = Delivery.class, names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
    void nothingIsInTheWayOfAFreshJob(Delivery delivery) {
        assertThat(judge.before(Jobs.job(Samples.slot(), 1), false, delivery, NOON)).isEmpty();
    }

    @Test
    void unknownAttemptOfAFormerOwnerEndsWhatMayRunAtMostOnce() {
        assertThat(
                        judge.before(
                                        Jobs.after(Jobs.job(Samples.slot(), 1), 1),
                                        true,
                                        Delivery.AT_MOST_ONCE,
                                        NOON)
                                .map(JudgeTest::words))
                .contains("end OUTCOME_UNKNOWN 0");
    }

    @Test
    void unknownAttemptOfAFormerOwnerIsFollowedByAnotherOtherwise() {
        assertThat(
                        judge.before(
                                Jobs.after(Jobs.job(Samples.slot(), 1), 1),
                                true,
                                Delivery.AT_LEAST_ONCE,
                                NOON))
                .isEmpty();
    }

    @Test
    void jobThatUsedUpItsAttemptsUnderFormerOwnersFails() {
        assertThat(
                        judge.before(
                                        Jobs.after(Jobs.job(Samples.slot(), 1), 4),
                                        true,
                                        Delivery.AT_LEAST_ONCE,
                                        NOON)
                                .map(JudgeTest::words))
                .contains("end FAILED 502");
    }

    @Test
    void jobThatExpiredInTheLogIsNotStarted() {
        // Given
        Submit submit = submit(1).setRequest(request().setExpiresAt(NOON).build()).build();

        // When // Then
        assertThat(
                        judge.before(
                                        Jobs.job(Samples.slot(), submit, 0),
                                        false,
                                        Delivery.AT_LEAST_ONCE,
                                        NOON)
                                .map(JudgeTest::words))
                .contains("end EXPIRED 0");
    }

    private static Outcome outcome(String name, Optional<Duration> wait) {
        return switch (name) {
            case "completed" -> new Outcome.Completed(200, BODY, Usage.NONE);
            case "refused" -> new Outcome.Refused(400, BODY, ERROR, Usage.NONE);
            case "retryable" -> new Outcome.Retryable(503, BODY, ERROR, wait);
            case "unreached" -> new Outcome.Retryable(0, new byte[0], ERROR, wait);
            case "deadline" ->
                    new Outcome.Unknown("deadline", new ProviderError("deadline", "late", "x"));
            default -> new Outcome.Unknown("broken_answer", ERROR);
        };
    }

    private static String words(Verdict verdict) {
        return switch (verdict) {
            case Verdict.End end -> "end %s %d".formatted(end.status(), end.httpStatus());
            case Verdict.Again(Duration wait) -> "again " + wait;
            case Verdict.Later(Duration wait) -> "later " + wait;
        };
    }
}
