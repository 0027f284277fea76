package io.millrace.schemas.blob;

import io.millrace.schemas.avro.BlobRef;
import java.io.IOException;
import java.io.InputStream;

/** A place for large payloads that all services share. Implementations are thread-safe. */
public interface BlobStore {

    /**
     * Stores all bytes of the stream, which stays the caller's to close; visible only when
     * complete. What lies under the key already is replaced as a whole, so that a writer may begin
     * again.
     *
     * @param key relative path of the characters A-Z a-z 0-9 _ - and /
     * @throws IllegalArgumentException when the key has another form
     * @throws IOException when it cannot be stored; then what was visible is so still
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
