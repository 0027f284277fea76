package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Outcome.Completed;
import io.millrace.dispatcher.provider.Outcome.Refused;
import io.millrace.dispatcher.provider.Outcome.Retryable;
import io.millrace.dispatcher.provider.Outcome.Unknown;
import io.millrace.schemas.avro.AttemptReport;
import io.millrace.schemas.avro.AttemptStarted;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a job's attempts, in the words that its client reads. Pure. */
final class History {

    /** Attempts that are told of at most: the last ones. */
    static final int MOST = 32;

    /** The outcome of an attempt that runs. */
    static final String RUNNING = "running";

    private History() {}

    /** Returns the history with an attempt, which takes the place of what was told of it before. */
    static List<AttemptReport> with(List<AttemptReport> history, AttemptReport report) {
        List<AttemptReport> longer = new ArrayList<>(history);
        longer.removeIf(each -> each.getNumber() == report.getNumber());
        longer.add(report);
        return longer.subList(Math.max(0, longer.size() - MOST), longer.size());
    }

    /** Returns the report of an attempt that runs. */
    static AttemptReport running(AttemptStarted attempt) {
        return report(attempt, RUNNING).build();
    }

    /** Returns the report of an attempt that was journalled and not made. */
    static AttemptReport notMade(AttemptStarted attempt, Instant end) {
        return report(attempt, Handoffs.NOT_MADE).setEndedAt(end).build();
    }

    /** Returns the report of an attempt whose outcome nobody will know. */
    static AttemptReport unknown(AttemptStarted attempt, String reason, Instant now) {
        return report(attempt, "unknown").setEndedAt(now).setError(reason).build();
    }

    /** Returns the report of an attempt of which a former owner's journal tells. */
    static AttemptReport journalled(AttemptStarted attempt, String outcome) {
        return report(attempt, outcome).build();
    }

    /** Returns the report of an attempt that came to an outcome. */
    static AttemptReport of(AttemptStarted attempt, Outcome outcome, Instant end) {
        return switch (outcome) {
            case Completed(int status, _, _) ->
                    ended(attempt, "completed", end).setHttpStatus(status(status)).build();
            case Refused(int status, _, var error, _) ->
                    ended(attempt, "refused", end)
                            .setHttpStatus(status(status))
                            .setError(error.code())
                            .build();
            case Retryable(int status, _, var error, _) ->
                    ended(attempt, "retryable", end)
                            .setHttpStatus(status(status))
                            .setError(error.code())
                            .build();
            case Unknown(String reason, _) -> unknown(attempt, reason, end);
        };
    }

    private static AttemptReport.Builder ended(AttemptStarted attempt, String word, Instant end) {
        return report(attempt, word).setEndedAt(end);
    }

    private static AttemptReport.Builder report(AttemptStarted attempt, String outcome) {
        return AttemptReport.newBuilder()
                .setNumber(attempt.getAttempt())
                .setProvider(attempt.getProvider())
                .setModel(attempt.getTarget())
                .setStartedAt(attempt.getStartedAt())
                .setOutcome(outcome);
    }

    private static @Nullable Integer status(int status) {
        return status == 0 ? null : (Integer) status;
    }
}
