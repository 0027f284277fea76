package io.millrace.ingress.jobs;

import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobStatus;
import java.util.List;

/** The states of a job in the words that clients read. */
public final class JobStatusWord {

    /** The state of a job that has no terminal one; topics do not tell whether it runs yet. */
    public static final String QUEUED = "queued";

    /** The state of a job of which an attempt has started. */
    public static final String IN_PROGRESS = "in_progress";

    /** All words, for filters. */
    public static final List<String> ALL =
            List.of(
                    QUEUED,
                    IN_PROGRESS,
                    "completed",
                    "failed",
                    "cancelled",
                    "expired",
                    "outcome_unknown");

    private JobStatusWord() {}

    /** Returns the state of what was seen. */
    public static String of(Sighting sighting) {
        return sighting.result()
                .map(InferenceResult::getStatus)
                .map(JobStatusWord::of)
                .orElse(QUEUED);
    }

    /** Returns the word of a terminal state. */
    public static String of(JobStatus status) {
        return switch (status) {
            case COMPLETED -> "completed";
            case FAILED -> "failed";
            case CANCELLED -> "cancelled";
            case EXPIRED -> "expired";
            case OUTCOME_UNKNOWN, UNKNOWN -> "outcome_unknown";
        };
    }
}
