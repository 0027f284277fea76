package io.millrace.ingress.jobs;

import io.millrace.ingress.http.UnavailableException;
import io.millrace.ingress.submission.JobRecords;
import io.millrace.ingress.submission.KeyLog;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.id.ViewPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Logs of keyed jobs in memory: who opens a partition shuts out who had it. Its view shows what was
 * written only when it is told to, or is read to its end. Thread-safe.
 */
final class MemoryKeys implements KeyLog.Opener, KeyView {

    final List<JobRecords> written = new CopyOnWriteArrayList<>();
    volatile boolean broken;
    volatile boolean lost;
    volatile boolean behind;

    private final MemoryJobs jobs;
    private final List<JobRecords> unseen = new ArrayList<>();
    private final AtomicReference<KeyLog> owner = new AtomicReference<>();

    MemoryKeys(MemoryJobs jobs) {
        this.jobs = jobs;
    }

    @Override
    public KeyLog open(ViewPartition partition) {
        KeyLog made = new Opened();
        owner.set(made);
        return made;
    }

    @Override
    public Optional<JobsRecord> lookUp(ViewPartition partition, String id) {
        return jobs.record(id);
    }

    @Override
    public void readToEnd(ViewPartition partition) {
        if (broken) {
            throw new UnavailableException("The view is behind.", Duration.ofSeconds(1));
        }
        catchUp();
    }

    synchronized void catchUp() {
        for (JobRecords each : unseen) {
            var _ =
                    jobs.jobs(
                            each.id().viewPartition(),
                            each.id().value(),
                            JobsRecord.newBuilder().setJob(each.accepted()).build());
        }
        unseen.clear();
    }

    private synchronized void append(List<JobRecords> all) {
        written.addAll(all);
        unseen.addAll(all);
        for (JobRecords each : all) {
            var _ =
                    jobs.slot(
                            "requests",
                            each.slot(),
                            each.id().value(),
                            SlotRecord.newBuilder().setSubmit(each.submit()).build(),
                            Map.of());
        }
        if (!behind) {
            catchUp();
        }
    }

    private final class Opened implements KeyLog {

        @Override
        public void write(List<JobRecords> all) {
            if (owner.get() != this) {
                throw new IllegalStateException("fenced");
            }
            if (broken) {
                throw new IllegalStateException("no Kafka");
            }
            append(all);
            if (lost) {
                throw new IllegalStateException("the commit was not acknowledged");
            }
        }

        @Override
        public void close() {}
    }
}
