package io.millrace.ingress.jobs;

import io.millrace.schemas.id.BatchId;
import io.millrace.schemas.id.FileId;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.ViewPartition;
import java.util.Optional;

/** Tells the partition that an id of any kind lives in. */
public final class ViewIds {

    private ViewIds() {}

    /** Returns the partition an id begins with, or none when it is no id of ours. */
    public static Optional<ViewPartition> partition(String id) {
        return JobId.parse(id)
                .map(JobId::viewPartition)
                .or(() -> BatchId.parse(id).map(BatchId::viewPartition))
                .or(() -> FileId.parse(id).map(FileId::viewPartition));
    }
}
