package io.millrace.ingress.files;

import io.micrometer.core.instrument.MeterRegistry;
import io.millrace.ingress.auth.Authentication;
import io.millrace.ingress.http.SlowBodies;
import io.millrace.ingress.jobs.JobView;
import io.millrace.ingress.jobs.RecordKeeper;
import io.millrace.ingress.submission.KeyedIds;
import io.millrace.ingress.submission.LogWriter;
import io.millrace.schemas.blob.BlobStore;
import io.millrace.schemas.id.IdFactory;
import io.millrace.servicekit.config.Units;
import java.time.Duration;
import java.time.InstantSource;

/** The files room, wired. Thread-safe. */
public final class FilesRoom implements AutoCloseable {

    // 200 MiB at 350 KiB a second
    private static final Duration UPLOAD_DEADLINE = Duration.ofMinutes(10);

    private final SlowBodies slow = new SlowBodies(UPLOAD_DEADLINE);
    private final StoredFiles files;
    private final FileRoutes routes;

    /**
     * Wires it.
     *
     * @param maxFileBytes {@code ingress.limits.batch-file}
     */
    public FilesRoom(
            Authentication authentication,
            JobView view,
            LogWriter log,
            BlobStore blobs,
            long maxFileBytes,
            IdFactory ids,
            KeyedIds keyedIds,
            RecordKeeper keeper,
            MeterRegistry meters,
            InstantSource clock) {
        this.files = new StoredFiles(view, log, blobs, clock);
        this.routes =
                new FileRoutes(
                        authentication,
                        view,
                        files,
                        new MultipartUpload(blobs, maxFileBytes, Units.size(maxFileBytes)),
                        slow,
                        ids,
                        new NamedFiles(keyedIds, keeper),
                        new FileMeters(meters),
                        clock);
    }

    /** Returns the routes, to be registered under {@code /v1/files}. */
    public FileRoutes routes() {
        return routes;
    }

    /** Returns the files, for other rooms. */
    public StoredFiles files() {
        return files;
    }

    @Override
    public void close() {
        slow.close();
    }
}
