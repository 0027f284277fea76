package io.millrace.schemas.blob;

import io.millrace.schemas.avro.BlobRef;
import java.io.IOException;
import java.io.InputStream;

/** A place for large payloads that all services share. Implementations are thread-safe. */
public interface BlobStore {

    /**
     * Stores all bytes of the stream under a key that is not used yet; visible only when complete.
     *
     * @param key relative path of the characters A-Z a-z 0-9 _ - and /
     * @throws IOException when it cannot be stored; then nothing is visible
     */
    BlobRef put(String key, InputStream content) throws IOException;

    /**
     * Opens a blob for reading; the caller closes it.
     *
     * @throws IOException when it cannot be read
     */
    InputStream open(BlobRef ref) throws IOException;

    /** Deletes a blob; one that is not there is deleted already. */
    void delete(BlobRef ref) throws IOException;
}
