package io.millrace.dispatcher.settlement;

import io.millrace.dispatcher.settlement.Settlement.Ending;
import io.millrace.dispatcher.settlement.Settlement.Ending.CancelKnown;
import io.millrace.dispatcher.settlement.Settlement.Ending.LaneKnown;
import io.millrace.dispatcher.settlement.Settlement.Ending.Moved;
import io.millrace.dispatcher.settlement.Settlement.Ending.Poison;
import io.millrace.dispatcher.settlement.Settlement.Ending.Refused;
import io.millrace.dispatcher.settlement.Settlement.Ending.Repeated;
import io.millrace.dispatcher.settlement.Settlement.Ending.Spilled;
import io.millrace.dispatcher.settlement.Settlement.Ending.Terminal;
import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.ErrorDetail;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.Origin;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.avro.TokenUsage;
import io.millrace.schemas.avro.UsageRecord;
import io.millrace.schemas.avro.WasteRecord;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The plainest end a record can have, for one whose settlement Kafka or the codec will never take:
 * too large, or beyond what a sum can hold. It is charged nothing.
 */
final class LastResort {

    private static final ErrorDetail ERROR =
            new ErrorDetail(
                    "result_not_written",
                    "the result of the job could not be written",
                    "server_error",
                    null);
    private static final int INTERNAL_ERROR = 500;

    private LastResort() {}

    /** Returns the settlement with a plainer ending, if there is one. */
    static Optional<Settlement> of(Settlement impossible, Instant now) {
        return switch (impossible.ending()) {
            case Terminal(InferenceResult result, UsageRecord usage, List<WasteRecord> waste) ->
                    isPlain(result)
                            ? Optional.empty()
                            : Optional.of(
                                    impossible.with(
                                            new Terminal(plain(result), plain(usage), waste)));
            case Moved(_, var moved, _, List<WasteRecord> waste) ->
                    Optional.of(impossible.with(failed(moved.getSubmit(), waste, now)));
            case Spilled(_, var moved, _) ->
                    Optional.of(impossible.with(failed(moved.getSubmit(), List.of(), now)));
            case Poison(DeadLetter letter) ->
                    letter.getValue() == null && letter.getKey() == null
                            ? Optional.empty()
                            : Optional.of(impossible.with(new Poison(plain(letter))));
            case Refused(DeadLetter letter, InferenceResult answer) ->
                    letter.getValue() == null && letter.getKey() == null
                            ? Optional.empty()
                            : Optional.of(
                                    impossible.with(new Refused(plain(letter), keyless(answer))));
            case LaneKnown(), Repeated() -> Optional.empty();
            case CancelKnown(_) -> Optional.empty();
        };
    }

    private static boolean isPlain(InferenceResult result) {
        return ERROR.equals(result.getError());
    }

    private static InferenceResult plain(InferenceResult result) {
        return InferenceResult.newBuilder(result)
                .setStatus(JobStatus.FAILED)
                .setHttpStatus(INTERNAL_ERROR)
                .setBody(null)
                .setError(ERROR)
                .setUsage(TokenUsage.newBuilder().build())
                .setCostNanoUsd(0)
                .build();
    }

    private static UsageRecord plain(UsageRecord usage) {
        return UsageRecord.newBuilder(usage)
                .setStatus(JobStatus.FAILED)
                .setUsage(TokenUsage.newBuilder().build())
                .setCostNanoUsd(0)
                .build();
    }

    private static DeadLetter plain(DeadLetter letter) {
        return DeadLetter.newBuilder(letter)
                .setKey(null)
                .setValue(null)
                .setHeaders(Map.of())
                .build();
    }

    private static InferenceResult keyless(InferenceResult answer) {
        Origin origin = answer.getOrigin();
        return origin == null
                ? answer
                : InferenceResult.newBuilder(answer)
                        .setOrigin(Origin.newBuilder(origin).setKey(null).build())
                        .build();
    }

    private static Ending failed(Submit submit, List<WasteRecord> waste, Instant now) {
        InferenceResult result =
                InferenceResult.newBuilder()
                        .setJobId(submit.getJobId())
                        .setTenant(submit.getTenant())
                        .setStatus(JobStatus.FAILED)
                        .setHttpStatus(INTERNAL_ERROR)
                        .setError(ERROR)
                        .setEndpoint(submit.getRequest().getEndpoint())
                        .setModel(submit.getModel())
                        .setUsage(TokenUsage.newBuilder().build())
                        .setAttempts(submit.getAttempts())
                        .setAcceptedAt(submit.getAcceptedAt())
                        .setStartedAt(submit.getStartedAt())
                        .setCompletedAt(now)
                        .setBatchLine(submit.getBatchLine())
                        .setOrigin(submit.getOrigin())
                        .build();
        UsageRecord usage =
                UsageRecord.newBuilder()
                        .setJobId(submit.getJobId())
                        .setTenant(submit.getTenant())
                        .setKeyId(submit.getKeyId())
                        .setModel(submit.getModel())
                        .setEndpoint(submit.getRequest().getEndpoint())
                        .setTier(submit.getRequest().getTier())
                        .setBatch(submit.getBatchLine() != null)
                        .setStatus(JobStatus.FAILED)
                        .setUsage(TokenUsage.newBuilder().build())
                        .setAttempts(submit.getAttempts())
                        .setStartedAt(now)
                        .setCompletedAt(now)
                        .build();
        return new Terminal(result, usage, waste);
    }
}
