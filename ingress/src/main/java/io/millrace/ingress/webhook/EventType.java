package io.millrace.ingress.webhook;

import io.millrace.schemas.avro.BatchStatus;
import io.millrace.schemas.avro.JobStatus;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What can be told: the types of events. */
public enum EventType {
    JOB_COMPLETED,
    JOB_FAILED,
    JOB_CANCELLED,
    JOB_EXPIRED,
    JOB_OUTCOME_UNKNOWN,
    RESPONSE_COMPLETED,
    RESPONSE_FAILED,
    RESPONSE_CANCELLED,
    RESPONSE_INCOMPLETE,
    BATCH_COMPLETED,
    BATCH_FAILED,
    BATCH_CANCELLED,
    BATCH_EXPIRED,
    QUOTA_WARNING,
    QUOTA_EXCEEDED,
    BUDGET_WARNING,
    BUDGET_EXHAUSTED;

    /** Returns the type as it stands in events, such as {@code job.outcome_unknown}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replaceFirst("_", ".");
    }

    /** Returns all types as they stand in events. */
    static List<String> words() {
        return Arrays.stream(values()).map(EventType::word).toList();
    }

    /** Returns the type of that word, or none. */
    static Optional<EventType> parse(String word) {
        return Arrays.stream(values()).filter(type -> type.word().equals(word)).findFirst();
    }

    /** Returns what is told of a job's end, or none for a family that does not tell that. */
    static Optional<EventType> of(String family, JobStatus status) {
        return parse(family + "." + status.name().toLowerCase(Locale.ROOT));
    }

    /** Returns what is told when a batch enters a status, or none. */
    static Optional<EventType> of(BatchStatus status) {
        return parse("batch." + status.name().toLowerCase(Locale.ROOT));
    }
}
