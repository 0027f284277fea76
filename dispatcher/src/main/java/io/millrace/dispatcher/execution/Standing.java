package io.millrace.dispatcher.execution;

import io.millrace.schemas.avro.AttemptReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Where a job stands that has not ended.
 *
 * @param attempts attempts that were journalled
 * @param startedAt when the first one started
 * @param history what became of them, the last of them
 * @param place where it waits for its next start; nothing while it runs
 */
public record Standing(
        int attempts,
        Optional<Instant> startedAt,
        List<AttemptReport> history,
        Optional<QueuePlace> place) {

    public Standing {
        history = List.copyOf(history);
    }

    static Standing of(Job job, Optional<QueuePlace> place) {
        Progress progress = job.progress();
        return new Standing(progress.attempts(), progress.startedAt(), progress.history(), place);
    }
}
