package io.millrace.ingress.files;

import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.BlobRef;
import io.millrace.schemas.id.FileId;

/**
 * Where the bytes of files lie in the blob store: a file's id is enough to find them, unless it
 * came with an idempotency key.
 */
public final class FileBlobs {

    private FileBlobs() {}

    /** Returns the key of a file's bytes. */
    public static String key(FileId file) {
        return "files/" + file.value();
    }

    /**
     * Returns a reference to a file's bytes, good for opening and deleting them when its metadata
     * is not at hand: it does not tell their size.
     */
    public static BlobRef ref(FileId file) {
        return new BlobRef(key(file), 0L, "");
    }

    /** Returns a reference to the bytes of a batch's input. */
    public static BlobRef input(BatchState batch) {
        BlobRef known = batch.getInputBlob();
        return known == null ? ref(new FileId(batch.getInputFileId())) : known;
    }
}
