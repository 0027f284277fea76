package io.millrace.ingress.batch;

import io.millrace.ingress.admission.WebhookGate;
import io.millrace.ingress.admission.WebhookWish;
import io.millrace.ingress.auth.Caller;
import io.millrace.ingress.files.StoredFiles;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.IdempotencyKey;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.ingress.jobs.JobView;
import io.millrace.ingress.jobs.NamedWish;
import io.millrace.ingress.jobs.QueueGate;
import io.millrace.ingress.jobs.RecordKeeper;
import io.millrace.ingress.submission.KeyedIds;
import io.millrace.ingress.submission.LogWriter;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.BatchStatus;
import io.millrace.schemas.avro.BlobRef;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.WebhookTarget;
import io.millrace.schemas.id.BatchId;
import io.millrace.schemas.id.FileId;
import io.millrace.schemas.id.IdFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches: of a file that was uploaded, of requests that came with the wish, or of the lines
 * of an earlier one that did not complete. Thread-safe.
 */
final class NewBatches {

    private final JobView view;
    private final QueueGate queue;
    private final StoredFiles files;
    private final Remainder remainder;
    private final WebhookGate webhooks;
    private final LogWriter log;
    private final IdFactory ids;
    private final KeyedIds keyedIds;
    private final RecordKeeper keeper;
    private final BatchMeters meters;
    private final InstantSource clock;

    NewBatches(
            JobView view,
            QueueGate queue,
            StoredFiles files,
            Remainder remainder,
            WebhookGate webhooks,
            LogWriter log,
            IdFactory ids,
            KeyedIds keyedIds,
            RecordKeeper keeper,
            BatchMeters meters,
            InstantSource clock) {
        this.view = view;
        this.queue = queue;
        this.files = files;
        this.remainder = remainder;
        this.webhooks = webhooks;
        this.log = log;
        this.ids = ids;
        this.keyedIds = keyedIds;
        this.keeper = keeper;
        this.meters = meters;
        this.clock = clock;
    }

    /**
     * Returns the batch once all replicas have it.
     *
     * @throws ApiException when its input is not there, or the tenant's queue is full
     */
    BatchState create(Caller caller, CreateBatch wish, @Nullable NamedWish name) {
        Optional<BatchState> before = before(caller, name);
        if (before.isPresent()) {
            return before.get();
        }
        WebhookWish webhook = wish.webhook();
        WebhookTarget target = webhook == null ? null : webhooks.admit(caller.tenant(), webhook);
        queue.requireRoom(caller.tenant());
        return begin(caller, wish, target, name, input(caller, wish));
    }

    /**
     * Returns a batch of the lines of another that did not complete, once all replicas have it.
     *
     * @throws ApiException when the other has not ended, or all of its lines completed
     */
    BatchState retry(Caller caller, BatchState ended, @Nullable NamedWish name) {
        Optional<BatchState> before = before(caller, name);
        if (before.isPresent()) {
            return before.get();
        }
        if (!BatchFollower.hasEnded(ended)) {
            throw new ApiException(
                    ApiError.invalid(
                            "batch_not_finished",
                            "The batch is %s: it can be retried when it has ended."
                                    .formatted(BatchJson.status(ended)),
                            ""));
        }
        if (ended.getErrorFileId() == null) {
            throw new ApiException(
                    ApiError.invalid(
                            "nothing_to_retry",
                            "The batch has no lines that ran and did not complete.",
                            ""));
        }
        queue.requireRoom(caller.tenant());
        FileId input = ids.file(view.anyOwned());
        try (InputStream lines = remainder.of(ended)) {
            files.keepInput(caller.tenant(), input, lines);
        } catch (NoSuchFileException _) {
            throw new ApiException(
                    ApiError.invalid(
                            "file_not_found",
                            "The input or the error file of the batch was deleted.",
                            ""));
        } catch (IOException | UncheckedIOException e) {
            throw new UnavailableException(
                    "The files of the batch cannot be read at the moment.",
                    Duration.ofSeconds(1),
                    e);
        }
        return begin(
                caller, CreateBatch.again(ended), ended.getWebhook(), name, new Input(input, null));
    }

    // a repetition stores nothing and needs no room in the queue
    private Optional<BatchState> before(Caller caller, @Nullable NamedWish name) {
        if (name == null) {
            return Optional.empty();
        }
        BatchId id = keyedIds.batch(caller.tenant(), name.key());
        return view.record(id.value()).map(there -> same(there, name));
    }

    private static BatchState same(JobsRecord there, NamedWish name) {
        BatchState batch = there.getBatch();
        if (batch == null || !name.fingerprint().equals(batch.getFingerprint())) {
            throw IdempotencyKey.reused();
        }
        return batch;
    }

    private BatchState begin(
            Caller caller,
            CreateBatch wish,
            @Nullable WebhookTarget target,
            @Nullable NamedWish name,
            Input input) {
        BatchId id =
                name == null
                        ? ids.batch(view.anyOwned())
                        : keyedIds.batch(caller.tenant(), name.key());
        BatchState batch =
                BatchState.newBuilder(state(caller, wish, input.file(), id))
                        .setInputBlob(input.bytes())
                        .setWebhook(target)
                        .setFingerprint(name == null ? null : name.fingerprint())
                        .build();
        if (name != null) {
            return named(caller, wish, batch, name);
        }
        LogWriter.acknowledged(() ->
                log.jobs(
                        new BatchId(batch.getBatchId()).viewPartition(),
                        batch.getBatchId(),
                        JobsRecord.newBuilder().setBatch(batch).build()));
        meters.created();
        return batch;
    }

    private BatchState named(Caller caller, CreateBatch wish, BatchState batch, NamedWish name) {
        BatchId id = new BatchId(batch.getBatchId());
        JobsRecord there =
                keeper.keep(
                        id.viewPartition(),
                        id.value(),
                        JobsRecord.newBuilder().setBatch(batch).build());
        BatchState kept = there.getBatch();
        boolean mine =
                kept != null
                        && kept.getInputFileId().equals(batch.getInputFileId())
                        && kept.getCreatedAt().equals(batch.getCreatedAt());
        if (mine) {
            meters.created();
        } else if (!(wish.input() instanceof BatchInput.Uploaded)) {
            // another one with this key was faster
            files.forget(caller.tenant(), new FileId(batch.getInputFileId()));
        }
        return same(there, name);
    }

    /** A batch's input: a file, and where its bytes lie; null for where its id says. */
    private record Input(FileId file, @Nullable BlobRef bytes) {}

    private Input input(Caller caller, CreateBatch wish) {
        return switch (wish.input()) {
            case BatchInput.Uploaded(FileId file) ->
                    files.find(caller.tenant(), file)
                            .filter(state -> state.getPurpose().equals("batch"))
                            .map(state -> new Input(file, state.getContent()))
                            .orElseThrow(() -> CreateBatch.noSuchFile(file.value()));
            case BatchInput.Inline(byte[] jsonl) -> {
                FileId file = ids.file(view.anyOwned());
                files.keepInput(caller.tenant(), file, new ByteArrayInputStream(jsonl));
                yield new Input(file, null);
            }
        };
    }

    private BatchState state(Caller caller, CreateBatch wish, FileId input, BatchId id) {
        Instant now = clock.instant();
        OptionalLong kept = wish.outputExpiresAfterSeconds();
        return BatchState.newBuilder()
                .setBatchId(id.value())
                .setTenant(caller.tenant().value())
                .setKeyId(caller.keyId())
                .setEndpoint(wish.endpoint())
                .setInputFileId(input.value())
                .setCompletionWindow(wish.window().text())
                .setStatus(BatchStatus.VALIDATING)
                .setOutputExpiresAfterSeconds(kept.isPresent() ? kept.getAsLong() : null)
                .setMetadata(wish.metadata())
                .setCreatedAt(now)
                .setExpiresAt(now.plus(wish.window().length()))
                .build();
    }
}
