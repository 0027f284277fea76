package io.millrace.ingress.jobs;

import io.millrace.ingress.submission.LogWriter;
import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.ViewPartition;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/**
 * Log and view in memory, with a dispatcher that ends each job as told, or none. Thread-safe.
 *
 * <p>A wait for a job that has no end is over at once.
 */
final class MemoryJobs implements JobView, LogWriter {

    static final ViewPartition PARTITION = new ViewPartition(3);

    final List<Submit> submitted = new CopyOnWriteArrayList<>();
    final List<Map<String, String>> headers = new CopyOnWriteArrayList<>();
    volatile Function<Submit, Optional<InferenceResult>> dispatcher = _ -> Optional.empty();
    final List<Cancel> cancels = new CopyOnWriteArrayList<>();
    volatile Function<Cancel, Optional<InferenceResult>> cancelled = _ -> Optional.empty();
    volatile boolean unreachable;

    private final Map<String, JobsRecord> records = new ConcurrentHashMap<>();
    private final Map<String, InferenceResult> results = new ConcurrentHashMap<>();

    @Override
    public CompletableFuture<Long> slot(
            String topic, int partition, String key, SlotRecord record, Map<String, String> with) {
        if (unreachable) {
            return CompletableFuture.failedFuture(new IllegalStateException("no Kafka"));
        }
        Cancel cancel = record.getCancel();
        if (cancel != null) {
            cancels.add(cancel);
            cancelled.apply(cancel).ifPresent(result -> results.put(key, result));
            return CompletableFuture.completedFuture(0L);
        }
        submitted.add(record.getSubmit());
        headers.add(with);
        dispatcher.apply(record.getSubmit()).ifPresent(result -> results.put(key, result));
        return CompletableFuture.completedFuture(0L);
    }

    @Override
    public CompletableFuture<Long> jobs(ViewPartition partition, String id, JobsRecord record) {
        records.put(id, record);
        return CompletableFuture.completedFuture(0L);
    }

    @Override
    public CompletableFuture<Long> forget(ViewPartition partition, String id) {
        records.remove(id);
        return CompletableFuture.completedFuture(0L);
    }

    @Override
    public CompletableFuture<Long> forgetResult(ViewPartition partition, String id) {
        results.remove(id);
        return CompletableFuture.completedFuture(0L);
    }

    @Override
    public boolean awaitGone(JobId id, Duration atMost) {
        return job(id).empty();
    }

    @Override
    public Optional<JobsRecord> record(String id) {
        return Optional.ofNullable(records.get(id));
    }

    @Override
    public Optional<InferenceResult> result(JobId id) {
        return Optional.ofNullable(results.get(id.value()));
    }

    @Override
    public Optional<InferenceResult> awaitResult(JobId id, Duration atMost) {
        return result(id);
    }

    @Override
    public Sighting job(JobId id) {
        return new Sighting(records.get(id.value()), results.get(id.value()));
    }

    @Override
    public List<Listed> list(ListQuery query) {
        return ListOrder.page(
                records.entrySet().stream()
                        .map(entry ->
                                new Listed(
                                        entry.getKey(),
                                        entry.getValue().getJob().getAcceptedAt(),
                                        entry.getValue(),
                                        job(new JobId(entry.getKey()))))
                        .filter(entry ->
                                entry.record().getJob().getTenant().equals(query.tenant().value()))
                        .filter(entry -> ListOrder.wanted(entry, query))
                        .toList(),
                query);
    }

    @Override
    public Set<ViewPartition> ownedPartitions() {
        return Set.of(PARTITION);
    }

    @Override
    public ViewPartition anyOwned() {
        return PARTITION;
    }

    @Override
    public Optional<JobsRecord> localRecord(String id) {
        return record(id);
    }

    @Override
    public Optional<InferenceResult> localResult(JobId id) {
        return result(id);
    }

    @Override
    public Optional<byte[]> askOwner(ViewPartition partition, String pathAndQuery) {
        return Optional.empty();
    }

    @Override
    public Optional<byte[]> tellOwner(ViewPartition partition, String path) {
        return Optional.empty();
    }
}
