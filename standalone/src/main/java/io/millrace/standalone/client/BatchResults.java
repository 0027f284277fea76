package io.millrace.standalone.client;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The lines that a batch was answered with: those of its output file, then those that failed. */
public final class BatchResults {

    private final ApiClient api;

    public BatchResults(ApiClient api) {
        this.api = api;
    }

    /** Writes all lines to a file, which is there whole or not at all. */
    public void write(Batch batch, Path file) throws InterruptedException {
        Path folder = file.toAbsolutePath().resolveSibling(".");
        try {
            Path whole = Files.createTempFile(folder, ".results-", ".part");
            try {
                try (OutputStream out = Files.newOutputStream(whole)) {
                    copy(batch, folder, out);
                }
                Files.move(
                        whole,
                        file,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(whole);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Writes all lines to a stream, each file when it has arrived whole. */
    public void copy(Batch batch, Path scratch, OutputStream out)
            throws IOException, InterruptedException {
        for (String id : files(batch)) {
            Path part = Files.createTempFile(scratch, ".results-", ".part");
            try {
                api.download("/v1/files/" + id + "/content", part);
                Files.copy(part, out);
            } finally {
                Files.deleteIfExists(part);
            }
        }
        out.flush();
    }

    private static List<String> files(Batch batch) {
        return Stream.of(batch.outputFile(), batch.errorFile()).flatMap(Optional::stream).toList();
    }
}
