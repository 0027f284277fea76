package io.millrace.ingress.files;

import io.millrace.ingress.jobs.JobView;
import io.millrace.ingress.jobs.ListQuery;
import io.millrace.ingress.jobs.Listed;
import io.millrace.ingress.jobs.RecordKeeper;
import io.millrace.ingress.jobs.Sighting;
import io.millrace.ingress.submission.LogWriter;
import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.ViewPartition;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Log and view in memory: what is appended can be seen at once. Thread-safe. */
public final class MemoryView implements JobView, LogWriter, RecordKeeper {

    private static final ViewPartition PARTITION = new ViewPartition(3);

    private final Map<String, JobsRecord> records = new ConcurrentHashMap<>();
    private final List<Cancel> cancels = new CopyOnWriteArrayList<>();

    /** Returns the wishes that something ends. */
    public List<Cancel> cancels() {
        return List.copyOf(cancels);
    }

    /** Returns everything that was accepted and not deleted. */
    public Map<String, JobsRecord> records() {
        return Map.copyOf(records);
    }

    @Override
    public CompletableFuture<Long> jobs(ViewPartition partition, String id, JobsRecord record) {
        records.put(id, record);
        return CompletableFuture.completedFuture(0L);
    }

    @Override
    public JobsRecord keep(ViewPartition partition, String id, JobsRecord record) {
        JobsRecord there = records.putIfAbsent(id, record);
        return there == null ? record : there;
    }

    @Override
    public CompletableFuture<Long> forget(ViewPartition partition, String id) {
        records.remove(id);
        return CompletableFuture.completedFuture(0L);
    }

    @Override
    public CompletableFuture<Long> forgetResult(ViewPartition partition, String id) {
        return CompletableFuture.completedFuture(0L);
    }

    @Override
    public boolean awaitGone(JobId id, Duration atMost) {
        return true;
    }

    @Override
    public CompletableFuture<Long> slot(
            String topic,
            int partition,
            String key,
            SlotRecord record,
            Map<String, String> headers) {
        Optional.ofNullable(record.getCancel()).ifPresent(cancels::add);
        return CompletableFuture.completedFuture(0L);
    }

    @Override
    public Optional<JobsRecord> record(String id) {
        return Optional.ofNullable(records.get(id));
    }

    @Override
    public List<Listed> list(ListQuery query) {
        List<Listed> all =
                records.entrySet().stream()
                        .filter(entry -> wanted(entry.getValue(), query))
                        .map(entry -> listed(entry.getKey(), entry.getValue()))
                        .sorted(order(query))
                        .toList();
        int after = all.stream().map(Listed::id).toList().indexOf(query.after());
        return all.stream().skip(after + 1).limit(query.limit()).toList();
    }

    private static Comparator<Listed> order(ListQuery query) {
        Comparator<Listed> oldestFirst =
                Comparator.comparing(Listed::createdAt).thenComparing(Listed::id);
        return query.ascending() ? oldestFirst : oldestFirst.reversed();
    }

    private static boolean wanted(JobsRecord record, ListQuery query) {
        return switch (query.kind()) {
            case FILE ->
                    record.getFile() != null
                            && record.getFile().getTenant().equals(query.tenant().value())
                            && (query.only().isEmpty()
                                    || query.only().contains(record.getFile().getPurpose()));
            case BATCH ->
                    record.getBatch() != null
                            && record.getBatch().getTenant().equals(query.tenant().value());
            case JOB -> false;
        };
    }

    private static Listed listed(String id, JobsRecord record) {
        Instant createdAt =
                record.getFile() != null
                        ? record.getFile().getCreatedAt()
                        : record.getBatch().getCreatedAt();
        return new Listed(id, createdAt, record, Sighting.NOTHING);
    }

    @Override
    public Optional<InferenceResult> result(JobId id) {
        return Optional.empty();
    }

    @Override
    public Optional<InferenceResult> awaitResult(JobId id, Duration atMost) {
        return Optional.empty();
    }

    @Override
    public Sighting job(JobId id) {
        return Sighting.NOTHING;
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
        return Optional.empty();
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
