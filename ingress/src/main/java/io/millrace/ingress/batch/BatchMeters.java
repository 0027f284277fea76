package io.millrace.ingress.batch;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.BatchStatus;
import io.millrace.servicekit.admin.MeterDoc;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the batch room counts. Thread-safe. */
public final class BatchMeters {

    /** The meters, for the reference page. */
    public static final List<MeterDoc> DOCS =
            List.of(
                    new MeterDoc(
                            "millrace_batches_total",
                            "counter",
                            "Batches that entered a status",
                            List.of("status")),
                    new MeterDoc(
                            "millrace_batch_lines_expanded_lines_total",
                            "counter",
                            "Lines of batches written to their tenant's lane",
                            List.of()));

    private final Map<BatchStatus, Counter> batches = new EnumMap<>(BatchStatus.class);
    private final Counter lines;

    /** Registers the meters. */
    public BatchMeters(MeterRegistry meters) {
        for (BatchStatus status : BatchStatus.values()) {
            if (status != BatchStatus.UNKNOWN) {
                batches.put(
                        status,
                        Counter.builder("millrace.batches")
                                .description("Batches that entered a status")
                                .tag("status", status.name().toLowerCase(Locale.ROOT))
                                .register(meters));
            }
        }
        lines =
                Counter.builder("millrace.batch.lines.expanded")
                        .description("Lines of batches written to their tenant's lane")
                        .baseUnit("lines")
                        .register(meters);
    }

    /** Counts a batch that was created. */
    void created() {
        count(BatchStatus.VALIDATING);
    }

    /** Counts what was recorded of a batch. */
    void recorded(BatchState before, BatchLog.Entry entry) {
        lines.increment(entry.lines().size());
        if (before.getStatus() != entry.batch().getStatus()) {
            count(entry.batch().getStatus());
        }
    }

    private void count(BatchStatus status) {
        Counter counter = batches.get(status);
        if (counter != null) {
            counter.increment();
        }
    }
}
