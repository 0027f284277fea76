package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Outcome.Completed;
import io.millrace.dispatcher.provider.Outcome.Refused;
import io.millrace.dispatcher.provider.Outcome.Retryable;
import io.millrace.dispatcher.provider.Outcome.Unknown;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.avro.ErrorDetail;
import io.millrace.schemas.avro.Handoff;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.money.Usage;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Outcomes as the records by which they are handed over, and back. */
final class Handoffs {

    /** The class of an outcome that is none: the provider was not called. */
    static final String NOT_MADE = "not_made";

    private static final ProviderError NO_WORD =
            new ProviderError("outcome_unknown", "the outcome was handed over in part", "");

    private Handoffs() {}

    /** Returns what tells of an attempt that was journalled and not made. */
    static Handoff notMade(AttemptStarted attempt, Instant now) {
        return started(attempt, now).setOutcome(NOT_MADE).build();
    }

    /** Returns what tells of an outcome; its body is left out. */
    static Handoff of(AttemptStarted attempt, Outcome outcome, Instant now) {
        Handoff.Builder told = started(attempt, now);
        return switch (outcome) {
            case Completed(int status, byte[] _, Usage usage) ->
                    told.setOutcome("completed")
                            .setHttpStatus(status(status))
                            .setUsage(usage.toRecord())
                            .build();
            case Refused(int status, byte[] _, var error, Usage usage) ->
                    told.setOutcome("refused")
                            .setHttpStatus(status(status))
                            .setError(detail(error))
                            .setUsage(usage.toRecord())
                            .build();
            case Retryable(int status, byte[] _, var error, var after) ->
                    told.setOutcome("retryable")
                            .setHttpStatus(status(status))
                            .setError(detail(error))
                            .setRetryAfterMs(after.map(Duration::toMillis).orElse(null))
                            .build();
            case Unknown(String reason, var error) ->
                    told.setOutcome("unknown")
                            .setError(new ErrorDetail(error.code(), error.message(), reason, null))
                            .build();
        };
    }

    /** Returns the same with a body. */
    static Handoff with(Handoff told, Payload body) {
        return Handoff.newBuilder(told).setBody(body).build();
    }

    /** Returns the outcome that was handed over. */
    @SuppressWarnings("StringSplitter")
    static Outcome outcome(Handoff told, byte[] body) {
        Integer status = told.getHttpStatus();
        int answered = status == null ? 0 : status;
        return switch (told.getOutcome()) {
            case "completed" -> new Completed(answered, body, Usage.from(told.getUsage()));
            case "refused" -> new Refused(answered, body, error(told), Usage.from(told.getUsage()));
            case "retryable" ->
                    new Retryable(
                            answered,
                            body,
                            error(told),
                            Optional.ofNullable(told.getRetryAfterMs()).map(Duration::ofMillis));
            default -> {
                ErrorDetail error = told.getError();
                yield new Unknown(error == null ? "process_gone" : error.getType(), error(told));
            }
        };
    }

    private static Handoff.Builder started(AttemptStarted attempt, Instant now) {
        return Handoff.newBuilder()
                .setJobId(attempt.getJobId())
                .setAttempt(attempt.getAttempt())
                .setSource(attempt.getSource())
                .setProcess(attempt.getProcess())
                .setUsage(Usage.NONE.toRecord())
                .setStartedAt(attempt.getStartedAt())
                .setEndedAt(now);
    }

    private static @Nullable Integer status(int status) {
        return status == 0 ? null : (Integer) status;
    }

    private static ErrorDetail detail(ProviderError error) {
        return new ErrorDetail(error.code(), error.message(), error.type(), null);
    }

    private static ProviderError error(Handoff told) {
        ErrorDetail error = told.getError();
        return error == null
                ? NO_WORD
                : new ProviderError(error.getCode(), error.getMessage(), error.getType());
    }
}
