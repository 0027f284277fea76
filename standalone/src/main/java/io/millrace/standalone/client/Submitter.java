package io.millrace.standalone.client;

import io.millrace.standalone.process.RefusedException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Submits files as batches, each once.
 *
 * <p>A file with the same content, to the same address and endpoint, is attached to the batch that
 * was begun for it, as long as the API knows that batch. When a submission ended early, it is taken
 * up at the step it had reached:
 *
 * <pre>
 *   begin ─► upload ─► write the file's id ─► write "asked" ─► create ─► write the batch's id
 * </pre>
 *
 * <p>Only behind "asked" can there be a batch whose id was not written. It is looked for by the
 * submission's id, which the batch carries in its metadata, for up to 15 s from the moment it was
 * asked for; only when it is not there it is asked for again, under the same {@code
 * Idempotency-Key}. So there are two batches of one submission only if the API neither knows such
 * keys nor lists, 15 s after it was sent, a create that it carries out later. Between upload and
 * "asked" an interruption leaves a file without a batch, which costs nothing and expires.
 */
public final class Submitter {

    private static final Duration SETTLED = Duration.ofSeconds(15);
    private static final Duration LOOK = Duration.ofMillis(500);

    private final ApiClient api;
    private final Batches batches;
    private final InstantSource clock;
    private final Supplier<String> ids;

    /**
     * A batch and how it was come by.
     *
     * @param attached whether it had been begun before
     */
    public record Submitted(Batch batch, boolean attached) {}

    /**
     * @param ids of submissions, never the same again
     */
    public Submitter(ApiClient api, InstantSource clock, Supplier<String> ids) {
        this.api = api;
        this.batches = new Batches(api);
        this.clock = clock;
        this.ids = ids;
    }

    /**
     * Returns the batch of a file.
     *
     * @param state folder in which submissions are written down
     * @param again whether a new batch is wanted even though there is one
     * @throws RefusedException when the state cannot be written
     */
    public Submitted submit(BatchInput input, Path state, boolean again)
            throws InterruptedException {
        Path path = state.resolve(input.stateName(api));
        try (SubmissionLog log = SubmissionLog.open(path)) {
            if (again) {
                log.forget();
            }
            Optional<Submission> before = log.last();
            if (before.isPresent()) {
                Optional<Batch> found = begun(before.get(), log);
                if (found.isPresent()) {
                    return new Submitted(found.get(), true);
                }
            }
            return new Submitted(create(input, log), false);
        } catch (IOException e) {
            throw new RefusedException("%s: cannot be written: %s".formatted(path, e), e);
        }
    }

    private Optional<Batch> begun(Submission before, SubmissionLog log)
            throws IOException, InterruptedException {
        Optional<Batch> found;
        if (before.batch().isPresent()) {
            found = batches.find(before.batch().get());
            if (found.isEmpty()) {
                log.forget(); // it has expired, or is another tenant's
            }
        } else if (before.asked().isPresent()) {
            found = lookedFor(before);
            if (found.isPresent()) {
                log.append(before.created(found.get().id()));
            }
        } else {
            found = Optional.empty();
        }
        return found;
    }

    /** A create may still be on its way when its sender has died. */
    private Optional<Batch> lookedFor(Submission before) throws InterruptedException {
        while (true) {
            boolean settled =
                    before.asked()
                            .map(asked -> !clock.instant().isBefore(asked.plus(SETTLED)))
                            .orElse(true);
            Optional<Batch> found = batches.ofSubmission(before.id());
            if (found.isPresent() || settled) {
                return found;
            }
            Thread.sleep(LOOK);
        }
    }

    private Batch create(BatchInput input, SubmissionLog log)
            throws IOException, InterruptedException {
        Submission uploaded = uploaded(input, log);
        log.append(uploaded.asked(clock.instant()));
        try {
            Batch batch =
                    batches.create(
                            uploaded.file().orElseThrow(),
                            input.endpoint(),
                            input.window(),
                            uploaded.id());
            log.append(uploaded.created(batch.id()));
            return batch;
        } catch (ApiException e) {
            if (e.refused()) {
                log.forget(); // there is no batch; the file may be what is wrong
            }
            throw e;
        }
    }

    private Submission uploaded(BatchInput input, SubmissionLog log)
            throws IOException, InterruptedException {
        Optional<Submission> before = log.last().filter(last -> last.file().isPresent());
        if (before.isPresent()) {
            return before.get();
        }
        Submission begun = log.append(Submission.begun(ids.get()));
        return log.append(begun.uploaded(api.upload(input.file())));
    }
}
