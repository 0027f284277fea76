package io.millrace.ingress.files;

import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.ingress.jobs.JobView;
import io.millrace.ingress.jobs.ListQuery;
import io.millrace.ingress.jobs.Listed;
import io.millrace.ingress.submission.LogWriter;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.BlobRef;
import io.millrace.schemas.avro.FileState;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.SpentKey;
import io.millrace.schemas.blob.BlobStore;
import io.millrace.schemas.id.FileId;
import io.millrace.schemas.id.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of all tenants, each seen by its own tenant only: to any other, and when it has
 * expired, a file is as missing as one that never was. Thread-safe.
 */
public final class StoredFiles {

    private static final Logger LOG = LoggerFactory.getLogger(StoredFiles.class);

    /** How long a store that failed is given before clients ask again. */
    static final Duration STORE_PATIENCE = Duration.ofSeconds(5);

    private static final Set<String> RUNNING =
            Set.of("validating", "in_progress", "finalizing", "cancelling");
    private static final int MOST_RUNNING = 10_000;

    private final JobView view;
    private final LogWriter log;
    private final BlobStore blobs;
    private final InstantSource clock;

    /** Finds files in that view, records them in that log and keeps their bytes in that store. */
    public StoredFiles(JobView view, LogWriter log, BlobStore blobs, InstantSource clock) {
        this.view = view;
        this.log = log;
        this.blobs = blobs;
        this.clock = clock;
    }

    /** Returns a file of that tenant, or none. */
    public Optional<FileState> find(TenantId tenant, FileId file) {
        return view.record(file.value())
                .map(JobsRecord::getFile)
                .filter(state -> state.getTenant().equals(tenant.value()))
                .filter(this::unexpired);
    }

    /**
     * Returns a file of that tenant.
     *
     * @throws ApiException 404 when there is none
     */
    FileState get(TenantId tenant, String id) {
        return FileId.parse(id)
                .flatMap(file -> find(tenant, file))
                .orElseThrow(() ->
                        new ApiException(
                                ApiError.notFound(
                                        "not_found", "No such File object: '%s'.".formatted(id))));
    }

    /** Returns a page of the tenant's files. */
    List<FileState> list(ListQuery query) {
        return view.list(query).stream()
                .map(Listed::record)
                .map(JobsRecord::getFile)
                .filter(this::unexpired)
                .toList();
    }

    /**
     * Stores a batch's input that was not uploaded; returns when all replicas have its record.
     *
     * @param jsonl stays the caller's to close
     * @throws UnavailableException when it cannot be stored now
     */
    public void keepInput(TenantId tenant, FileId id, InputStream jsonl) {
        BlobRef content;
        try {
            content = blobs.put(FileBlobs.key(id), jsonl);
        } catch (IOException e) {
            throw new UnavailableException(
                    "The requests cannot be stored at the moment.", STORE_PATIENCE, e);
        }
        FileState file =
                FileState.newBuilder()
                        .setFileId(id.value())
                        .setTenant(tenant.value())
                        .setFilename(id + ".jsonl")
                        .setPurpose(Purpose.BATCH.word())
                        .setContent(content)
                        .setCreatedAt(clock.instant())
                        .build();
        try {
            record(file);
        } catch (RuntimeException e) {
            erase(file);
            throw e;
        }
    }

    /** Deletes a batch's input that turned out not to be needed, if it is there. */
    public void forget(TenantId tenant, FileId id) {
        find(tenant, id).ifPresent(this::delete);
    }

    /** Records a file whose bytes are stored; returns when all replicas have it. */
    void record(FileState file) {
        LogWriter.acknowledged(() ->
                log.jobs(
                        new FileId(file.getFileId()).viewPartition(),
                        file.getFileId(),
                        JobsRecord.newBuilder().setFile(file).build()));
        LOG.atInfo()
                .addKeyValue("file", file.getFileId())
                .addKeyValue("tenant", file.getTenant())
                .addKeyValue("purpose", file.getPurpose())
                .addKeyValue("bytes", file.getContent().getSize())
                .log("file stored");
    }

    /** Opens the bytes of a file. */
    InputStream open(FileState file) throws IOException {
        return blobs.open(file.getContent());
    }

    /**
     * Deletes a file. Its bytes go with it, unless a batch is still reading them: these are left to
     * retention.
     */
    void delete(FileState file) {
        FileId id = new FileId(file.getFileId());
        boolean inUse = usedByBatch(file);
        LogWriter.acknowledged(() -> gone(id, file));
        if (!inUse) {
            erase(file);
        }
        LOG.atInfo()
                .addKeyValue("file", id)
                .addKeyValue("tenant", file.getTenant())
                .addKeyValue("erased", !inUse)
                .log("file deleted");
    }

    // a key is spent with what was made by it
    private CompletableFuture<Long> gone(FileId id, FileState file) {
        String fingerprint = file.getFingerprint();
        if (fingerprint == null) {
            return log.forget(id.viewPartition(), id.value());
        }
        return log.jobs(
                id.viewPartition(),
                id.value(),
                JobsRecord.newBuilder()
                        .setSpentKey(
                                SpentKey.newBuilder()
                                        .setTenant(file.getTenant())
                                        .setFingerprint(fingerprint)
                                        .setAcceptedAt(file.getCreatedAt())
                                        .build())
                        .build());
    }

    private boolean usedByBatch(FileState file) {
        if (!Purpose.BATCH.word().equals(file.getPurpose())) {
            return false;
        }
        ListQuery running =
                new ListQuery(
                        new TenantId(file.getTenant()),
                        ListQuery.Kind.BATCH,
                        MOST_RUNNING,
                        false,
                        "",
                        RUNNING);
        return view.list(running).stream()
                .map(listed -> listed.record().getBatch())
                .map(BatchState::getInputFileId)
                .anyMatch(file.getFileId()::equals);
    }

    private void erase(FileState file) {
        try {
            blobs.delete(file.getContent());
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("file", file.getFileId())
                    .setCause(e)
                    .log("the bytes of a deleted file could not be erased");
        }
    }

    private boolean unexpired(FileState file) {
        return file.getExpiresAt() == null || file.getExpiresAt().isAfter(clock.instant());
    }
}
