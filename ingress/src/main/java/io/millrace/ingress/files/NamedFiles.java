package io.millrace.ingress.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingress.admission.Fingerprint;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.IdempotencyKey;
import io.millrace.ingress.jobs.RecordKeeper;
import io.millrace.ingress.submission.KeyedIds;
import io.millrace.schemas.avro.FileState;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.SpentKey;
import io.millrace.schemas.id.FileId;
import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.Json;

/**
 * Files that came with idempotency keys: an upload that comes twice is one file. Thread-safe.
 *
 * <p>What a repetition uploads lies under a name of its own until it is known to be one, so that it
 * touches no bytes of the first.
 */
final class NamedFiles {

    private final KeyedIds ids;
    private final RecordKeeper keeper;

    NamedFiles(KeyedIds ids, RecordKeeper keeper) {
        this.ids = ids;
        this.keeper = keeper;
    }

    /**
     * Keeps an uploaded file under its key's id, and returns the file of that key.
     *
     * @param uploaded with an id that is not used any more
     * @param discard deletes the bytes that were uploaded; not asked when it is unknown whether
     *     they belong to the file now
     * @throws ApiException 422 when the key came with another file, 404 when its file was deleted
     */
    FileState keep(FileState uploaded, UploadForm form, IdempotencyKey key, Runnable discard) {
        FileId id = ids.file(new TenantId(uploaded.getTenant()), key);
        String fingerprint = fingerprint(uploaded, form);
        FileState wanted =
                FileState.newBuilder(uploaded)
                        .setFileId(id.value())
                        .setFingerprint(fingerprint)
                        .build();
        JobsRecord there =
                keeper.keep(
                        id.viewPartition(),
                        id.value(),
                        JobsRecord.newBuilder().setFile(wanted).build());
        FileState kept = there.getFile();
        if (kept == null || !kept.getContent().equals(wanted.getContent())) {
            discard.run();
        }
        SpentKey spent = there.getSpentKey();
        if (spent != null && fingerprint.equals(spent.getFingerprint())) {
            throw new ApiException(
                    ApiError.notFound("not_found", "No such File object: '%s'.".formatted(id)));
        }
        if (kept == null || !fingerprint.equals(kept.getFingerprint())) {
            throw IdempotencyKey.reused();
        }
        return kept;
    }

    // of what was parsed: boundaries of parts and their order say nothing
    private static String fingerprint(FileState file, UploadForm form) {
        ObjectNode fields = Json.object();
        fields.put("filename", file.getFilename());
        fields.put("purpose", file.getPurpose());
        fields.put("sha256", file.getContent().getSha256());
        form.kept().ifPresent(kept -> fields.put("kept", kept.toSeconds()));
        return Fingerprint.of(fields);
    }
}
