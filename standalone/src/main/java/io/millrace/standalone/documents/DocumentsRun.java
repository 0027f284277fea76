package io.millrace.standalone.documents;

import io.millrace.standalone.client.ApiClient;
import io.millrace.standalone.client.ApiException;
import io.millrace.standalone.client.Batch;
import io.millrace.standalone.client.BatchInput;
import io.millrace.standalone.client.BatchResults;
import io.millrace.standalone.client.BatchWatch;
import io.millrace.standalone.client.Submitter;
import io.millrace.standalone.process.RefusedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * One run over a folder: what is new or changed is asked about, and each answer written to a file.
 *
 * <pre>
 *   end what an earlier run began ─► compare with the manifest ─► write input files, then the
 *   manifest ─► submit ─► wait ─► write results, then the manifest ─► delete the input files
 * </pre>
 *
 * <p>A run that is interrupted anywhere is gone on with by the next one: the manifest names the
 * input files of what runs, and the same input file is the same batch.
 */
public final class DocumentsRun {

    private static final int MOST_LINES = 50_000;
    private static final int LONGEST_NAME = 900; // what our reader of JSON takes, and some

    private final Folders folders;
    private final Submitter submitter;
    private final BatchWatch watch;
    private final Manifest manifest;
    private final Collector collector;
    private final PrintWriter out;
    private final PrintWriter err;
    private int trouble;

    /**
     * The folders of a run.
     *
     * @param documents what is read
     * @param results what is written
     */
    public record Folders(Path documents, Path results) {

        /** Returns where a run keeps what it must know. */
        public Path own() {
            return results.resolve(".millrace");
        }
    }

    /**
     * Prepares a run.
     *
     * @param out told how it goes
     * @param err told what cannot be read, and what failed
     */
    public DocumentsRun(
            Folders folders,
            ApiClient api,
            Submitter submitter,
            BatchWatch watch,
            PrintWriter out,
            PrintWriter err) {
        this.folders = folders;
        this.submitter = submitter;
        this.watch = watch;
        this.manifest = Manifest.in(folders.own().resolve("manifest.json"));
        this.collector =
                new Collector(manifest, folders.results(), folders.own(), new BatchResults(api));
        this.out = out;
        this.err = err;
    }

    /**
     * Carries it out.
     *
     * @param window how long a batch may take, such as {@code 24h}
     * @return whether every document could be read and has a result
     */
    public boolean run(DocumentTask task, String window) throws IOException, InterruptedException {
        Files.createDirectories(folders.own());
        try (FileChannel lock =
                        FileChannel.open(
                                folders.own().resolve("lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock held = lock.tryLock()) {
            if (held == null) {
                throw new RefusedException(
                        folders.results() + ": another run writes to it at the moment");
            }
            finish(window);
            trouble = 0; // what failed there is asked about again
            plan(task);
            finish(window);
        }
        out.println("results in " + folders.results());
        out.flush();
        return trouble == 0;
    }

    private void plan(DocumentTask task) throws IOException, InterruptedException {
        SortedMap<String, Path> documents =
                DocumentTree.of(folders.documents(), folders.results(), this::tell);
        int asked = 0;
        int before = trouble;
        try (InputParts parts = new InputParts(folders.own(), MOST_LINES)) {
            for (Map.Entry<String, Path> document : documents.entrySet()) {
                Optional<Entry> entry =
                        planned(task, document.getKey(), document.getValue(), parts);
                entry.ifPresent(running -> manifest.put(document.getKey(), running));
                asked += entry.isPresent() ? 1 : 0;
            }
        }
        manifest.write();
        out.println(
                "%d documents of %s: %d new or changed, %d cannot be read"
                        .formatted(documents.size(), folders.documents(), asked, trouble - before));
        out.flush();
    }

    private Optional<Entry> planned(DocumentTask task, String name, Path file, InputParts parts)
            throws IOException, InterruptedException {
        if (name.length() > LONGEST_NAME) {
            tell(name, "has a name of more than %d characters".formatted(LONGEST_NAME));
            return Optional.empty();
        }
        String fingerprint;
        try {
            fingerprint = task.fingerprint(file);
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (IOException e) {
            tell(name, "cannot be read: " + e);
            return Optional.empty();
        }
        if (manifest.get(name).filter(entry -> isDone(entry, fingerprint)).isPresent()) {
            return Optional.empty();
        }
        return switch (Extracted.from(file, DocumentKind.of(file).orElseThrow())) {
            case Extracted.Unreadable(String reason) -> {
                if (Thread.interrupted()) { // then this is why it could not be read
                    throw new InterruptedException();
                }
                tell(name, reason);
                yield Optional.empty();
            }
            case Extracted.Text(String words) -> {
                String id = InputParts.id(name, fingerprint);
                String part = parts.add(task.line(id, words));
                yield Optional.of(new Entry(fingerprint, Entry.State.RUNNING, part));
            }
        };
    }

    private boolean isDone(Entry entry, String fingerprint) {
        return entry.state() == Entry.State.DONE
                && entry.fingerprint().equals(fingerprint)
                && Files.exists(folders.results().resolve(entry.detail()));
    }

    /** Submits what runs, or attaches to it, and waits for all of it. */
    private void finish(String window) throws IOException, InterruptedException {
        Map<Batch, Map<String, Entry>> begun = new LinkedHashMap<>();
        for (Map.Entry<String, SortedMap<String, Entry>> part : manifest.running().entrySet()) {
            Path input = folders.own().resolve(part.getKey());
            if (Files.exists(input)) {
                begun.put(submitted(input, part.getValue(), window), part.getValue());
            } else {
                collector.fail(part.getValue(), "its batch's input is gone");
            }
        }
        for (Map.Entry<Batch, Map<String, Entry>> batch : begun.entrySet()) {
            Batch ended = watch.ended(batch.getKey());
            collector.collect(ended, batch.getValue());
            manifest.write();
            tell(ended, batch.getValue());
        }
        clean();
    }

    private Batch submitted(Path part, Map<String, Entry> documents, String window)
            throws IOException, InterruptedException {
        try {
            BatchInput input = BatchInput.of(part, "", window);
            Batch batch = submitter.submit(input, folders.own(), false).batch();
            out.println("batch %s: %d documents".formatted(batch.id(), documents.size()));
            out.flush();
            return batch;
        } catch (ApiException e) {
            if (e.inputsFault()) { // it would be refused for ever
                collector.fail(documents, String.valueOf(e.getMessage()));
                manifest.write();
            }
            throw e;
        }
    }

    private void tell(Batch batch, Map<String, Entry> documents) {
        batch.errors().forEach(error -> err.println("millrace: " + error));
        documents
                .keySet()
                .forEach(name ->
                        manifest.get(name)
                                .filter(entry -> entry.state() == Entry.State.FAILED)
                                .ifPresent(entry -> tell(name, "failed: " + entry.detail())));
        out.println(batch.line());
        out.flush();
    }

    private void tell(String document, String what) {
        trouble++;
        err.println("millrace: %s: %s".formatted(document, what));
        err.flush();
    }

    /** Input files that no batch needs any more, and what was written down of their submission. */
    private void clean() throws IOException {
        try (Stream<Path> files = Files.list(folders.own())) {
            for (Path file : files.sorted(Comparator.naturalOrder()).toList()) {
                String name = String.valueOf(file.getFileName());
                if (name.startsWith("part-") || name.startsWith("batch-")) {
                    Files.delete(file);
                }
            }
        }
    }
}
