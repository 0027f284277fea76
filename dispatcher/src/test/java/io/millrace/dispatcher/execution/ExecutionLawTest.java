package io.millrace.dispatcher.execution;

import static io.millrace.dispatcher.Samples.request;
import static io.millrace.dispatcher.Samples.submit;
import static io.millrace.dispatcher.execution.Jobs.ERROR;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.ProviderCall;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.dispatcher.settlement.Settlement.Ending.Moved;
import io.millrace.dispatcher.settlement.Settlement.Ending.Terminal;
import io.millrace.schemas.avro.Delivery;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.money.Usage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of every job, whatever providers answer. */
class ExecutionLawTest {

    private static final int JOBS = 400;
    private static final List<Kind> KINDS = List.of(Kind.values());

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void eachJobIsSettledOnceAndItsBillIsWhatTheProviderDid(long seed) {
        try (Stage stage = new Stage(16, call -> outcome(seed, call))) {
            stage.provider(Jobs.provider("p").setConcurrency(7L).build());

            // When
            Random random = new Random(seed);
            for (int number = 0; number < JOBS; number++) {
                Delivery delivery =
                        random.nextBoolean() ? Delivery.AT_LEAST_ONCE : Delivery.AT_MOST_ONCE;
                Submit submit =
                        submit(number).setRequest(request().setDelivery(delivery).build()).build();
                stage.execution.accept(Jobs.job(stage.job(number).slot(), submit, number));
            }
            Map<Long, Settlement> settled = new HashMap<>();
            for (int i = 0; i < JOBS; i++) {
                Settlement settlement = stage.next();
                assertThat(settled.put(settlement.offset(), settlement))
                        .as("seed %d: offset %d is settled once", seed, settlement.offset())
                        .isNull();
            }
            stage.awaitIdle();

            // Then
            assertThat(stage.further()).isEmpty();
            assertThat(stage.job(0).source().waiting().jobs()).isEqualTo(0);
            long accounted = 0;
            for (Settlement settlement : settled.values()) {
                accounted += settlement.attempts().size();
                check(settlement, seed);
            }
            assertThat(accounted).isEqualTo(stage.calls.size()).isEqualTo(stage.log.started());
        }
    }

    private static void check(Settlement settlement, long seed) {
        int attempts = settlement.attempts().size();
        int unknown = 0;
        for (int attempt = 1; attempt <= attempts; attempt++) {
            if (kind(seed, settlement.offset(), attempt) == Kind.UNKNOWN) {
                unknown++;
            }
        }
        Kind last = kind(seed, settlement.offset(), attempts);
        String job = "seed %d offset %d".formatted(seed, settlement.offset());
        switch (settlement.ending()) {
            case Terminal(var result, var usage, var waste) -> {
                assertThat(waste).as(job).hasSize(unknown);
                assertThat(result.getAttempts()).as(job).isEqualTo(attempts);
                assertThat(usage.getCostNanoUsd()).isEqualTo(result.getCostNanoUsd());
                assertThat(result.getUsage().getInputTokens())
                        .as(job)
                        .isEqualTo(last == Kind.COMPLETED ? 10 : last == Kind.REFUSED ? 3 : 0);
                assertThat(result.getStatus() == JobStatus.COMPLETED)
                        .as(job)
                        .isEqualTo(last == Kind.COMPLETED);
                assertThat(result.getStatus() != JobStatus.OUTCOME_UNKNOWN || unknown == 1)
                        .as(job)
                        .isTrue();
            }
            case Moved(_, var record, _, var waste) -> {
                assertThat(waste).as(job).hasSize(unknown);
                assertThat(record.getSubmit().getAttempts()).as(job).isEqualTo(attempts);
            }
            default -> throw new AssertionError(job);
        }
    }

    private enum Kind {
        COMPLETED,
        REFUSED,
        BUSY,
        UNKNOWN
    }

    private static Outcome outcome(long seed, ProviderCall call) {
        long offset = Long.parseLong(call.job().value().substring("job_01".length()));
        return switch (kind(seed, offset, call.attempt())) {
            case COMPLETED -> new Outcome.Completed(200, new byte[] {1}, Usage.of(10, 0));
            case REFUSED -> new Outcome.Refused(400, new byte[] {1}, ERROR, Usage.of(3, 0));
            // neither is the target's fault: it would be closed, and time stands still here
            case BUSY -> new Outcome.Retryable(409, new byte[0], ERROR, Optional.empty());
            case UNKNOWN -> new Outcome.Unknown("interrupted", ERROR);
        };
    }

    private static Kind kind(long seed, long offset, int attempt) {
        Random random = new Random(seed * 1_000_003 + offset * 101 + attempt);
        random.nextInt(); // the first number of neighbouring seeds is much the same
        return KINDS.get(random.nextInt(KINDS.size()));
    }
}
