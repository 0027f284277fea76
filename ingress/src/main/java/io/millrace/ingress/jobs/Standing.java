package io.millrace.ingress.jobs;

import io.millrace.schemas.avro.AttemptReport;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a job stands that has not ended, as the dispatcher tells that has it.
 *
 * @param attempts attempts that were journalled
 * @param startedAt when the first one started; null when none has
 * @param history what became of them, the last of them
 * @param position its place among its tenant's jobs that wait, from 1; 0 when it has none
 * @param reason why it waits; empty when it does not
 */
public record Standing(
        int attempts,
        @Nullable Instant startedAt,
        List<AttemptReport> history,
        int position,
        String reason) {

    /** Nobody tells anything of it. */
    public static final Standing UNKNOWN = new Standing(0, null, List.of(), 0, "");

    public Standing {
        history = List.copyOf(history);
    }

    /** Returns the state in the word that clients read. */
    public String word() {
        return startedAt == null ? JobStatusWord.QUEUED : JobStatusWord.IN_PROGRESS;
    }
}
