package io.millrace.ingress.jobs;

import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobsRecord;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the view knows of one id at one moment. */
public final class Sighting {

    /** Nothing is known of it. */
    public static final Sighting NOTHING = new Sighting(null, null);

    private final @Nullable JobsRecord record;
    private final @Nullable JobsRecord spent;
    private final @Nullable InferenceResult result;

    /** Takes what is known; absent parts are null. */
    public Sighting(@Nullable JobsRecord record, @Nullable InferenceResult result) {
        boolean deleted = record != null && record.getSpentKey() != null;
        this.record = deleted ? null : record;
        this.spent = deleted ? record : null;
        this.result = result;
    }

    /** Returns what was accepted. */
    public Optional<JobsRecord> record() {
        return Optional.ofNullable(record);
    }

    /**
     * Returns what is left of a job that was deleted: its idempotency key, which no client sees.
     */
    Optional<JobsRecord> spent() {
        return Optional.ofNullable(spent);
    }

    /** Returns the terminal state. */
    public Optional<InferenceResult> result() {
        return Optional.ofNullable(result);
    }

    /** Returns whether nothing is known. */
    public boolean empty() {
        return record == null && result == null;
    }
}
