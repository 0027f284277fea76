package io.millrace.ingress.batch;

import io.millrace.ingress.files.FileBlobs;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.BlobRef;
import io.millrace.schemas.avro.FileState;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.blob.BlobStore;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.id.BatchId;
import io.millrace.schemas.id.FileId;
import io.millrace.schemas.id.JobId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Writes the files of a batch whose lines have all ended, one line in memory at a time. Writing
 * them again gives the same files under the same ids.
 */
final class OutputFiles {

    /** A file that a batch can produce. */
    enum Kind {
        /** The answers of the lines that completed. */
        OUTPUT("output"),
        /** What became of the others. */
        ERRORS("error");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    private final Function<JobId, Optional<InferenceResult>> results;
    private final BlobStore blobs;
    private final ClaimCheck payloads;

    /**
     * Writes files to that store.
     *
     * @param results finds the result of a line
     */
    OutputFiles(Function<JobId, Optional<InferenceResult>> results, BlobStore blobs) {
        this.results = results;
        this.blobs = blobs;
        this.payloads = new ClaimCheck(blobs);
    }

    /**
     * Writes one of a batch's files.
     *
     * @return the file, or none when it would have no lines
     * @throws IOException when it cannot be written
     */
    Optional<FileState> write(BatchState batch, Kind kind, Progress progress) throws IOException {
        int lines = kind == Kind.OUTPUT ? progress.completed() : progress.notCompleted();
        if (lines == 0) {
            return Optional.empty();
        }
        BatchId id = new BatchId(batch.getBatchId());
        FileId file = DerivedId.file(id, kind.word);
        BlobRef content;
        try (InputStream in = content(id, batch.getTotalLines(), kind)) {
            content = blobs.put(FileBlobs.key(file), in);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        Instant createdAt = batch.getFinalizingAt();
        if (createdAt == null) {
            throw new IllegalStateException("a batch is finalized before it has files: " + id);
        }
        Long kept = batch.getOutputExpiresAfterSeconds();
        return Optional.of(
                FileState.newBuilder()
                        .setFileId(file.value())
                        .setTenant(batch.getTenant())
                        .setFilename("%s_%s.jsonl".formatted(id, kind.word))
                        .setPurpose("batch_output")
                        .setContent(content)
                        .setCreatedAt(createdAt)
                        .setExpiresAt(kept == null ? null : createdAt.plusSeconds(kept))
                        .build());
    }

    private InputStream content(BatchId batch, int totalLines, Kind kind) {
        return new LineStream(
                IntStream.rangeClosed(1, totalLines)
                        .mapToObj(line -> result(batch.line(line)))
                        .filter(result -> kindOf(result) == kind)
                        .map(this::line)
                        .iterator());
    }

    private static Kind kindOf(InferenceResult result) {
        return LineEnd.kind(result) == LineEnd.Kind.COMPLETED ? Kind.OUTPUT : Kind.ERRORS;
    }

    private InferenceResult result(JobId line) {
        return results.apply(line)
                .orElseThrow(() ->
                        new IllegalStateException(
                                "%s has ended, but its result cannot be seen".formatted(line)));
    }

    private byte[] line(InferenceResult result) {
        Payload body = result.getBody();
        try {
            return OutputLine.of(result, body == null ? new byte[0] : payloads.checkOut(body));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
