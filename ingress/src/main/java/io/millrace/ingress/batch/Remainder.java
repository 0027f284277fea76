package io.millrace.ingress.batch;

import io.millrace.ingress.files.FileBlobs;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.blob.BlobStore;
import io.millrace.schemas.id.FileId;
import io.millrace.servicekit.http.Json;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * The lines of an ended batch's input that did not complete, as its error file names them. Holds
 * one line and 32 bytes for each of their ids. Thread-safe.
 */
final class Remainder {

    private static final int MAX_ERROR_LINE = Integer.MAX_VALUE - 8;

    private final BlobStore blobs;
    private final int lineBytes;

    /**
     * Reads from that store.
     *
     * @param lineBytes most bytes of an input's line
     */
    Remainder(BlobStore blobs, int lineBytes) {
        this.blobs = blobs;
        this.lineBytes = lineBytes;
    }

    /**
     * Returns the lines as they were, in their order; to be closed.
     *
     * @throws java.nio.file.NoSuchFileException when one of the files is gone
     * @throws IOException when one cannot be read; an {@link UncheckedIOException} while it is read
     */
    InputStream of(BatchState ended) throws IOException {
        SeenIds open = notCompleted(new FileId(ended.getErrorFileId()));
        InputStream input = blobs.open(FileBlobs.input(ended));
        LineReader lines = LineReader.atStart(input, lineBytes);
        return new FilterInputStream(new LineStream(new Chosen(lines, open))) {
            @Override
            public void close() throws IOException {
                input.close();
            }
        };
    }

    private SeenIds notCompleted(FileId errors) throws IOException {
        SeenIds ids = new SeenIds();
        try (InputStream in = blobs.open(FileBlobs.ref(errors))) {
            LineReader lines = LineReader.atStart(in, MAX_ERROR_LINE);
            for (Optional<RawLine> line = lines.next(); line.isPresent(); line = lines.next()) {
                if (line.get() instanceof RawLine.Text text) {
                    ids.add(customId(text));
                }
            }
        }
        return ids;
    }

    private static String customId(RawLine.Text line) {
        return Json.parse(line.text().array()).path("custom_id").asText();
    }

    /** The lines of a file whose ids are in a set. */
    private static final class Chosen implements Iterator<byte[]> {

        private final LineReader lines;
        private final SeenIds ids;
        private Optional<byte[]> next = Optional.empty();

        Chosen(LineReader lines, SeenIds ids) {
            this.lines = lines;
            this.ids = ids;
        }

        @Override
        public boolean hasNext() {
            try {
                while (next.isEmpty()) {
                    Optional<RawLine> line = lines.next();
                    if (line.isEmpty()) {
                        return false;
                    }
                    next = chosen(line.get());
                }
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public byte[] next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            byte[] line = next.orElseThrow();
            next = Optional.empty();
            return line;
        }

        private Optional<byte[]> chosen(RawLine line) {
            if (!(line instanceof RawLine.Text text)
                    || text.blank()
                    || !ids.contains(customId(text))) {
                return Optional.empty();
            }
            byte[] bytes = text.text().array();
            byte[] withBreak = Arrays.copyOf(bytes, bytes.length + 1);
            withBreak[bytes.length] = '\n';
            return Optional.of(withBreak);
        }
    }
}
