package io.millrace.ingress.batch;

import io.millrace.schemas.id.FileId;

/** Where the lines of a new batch come from. */
sealed interface BatchInput {

    /** A file that was uploaded before; it may not be there. */
    record Uploaded(FileId file) implements BatchInput {}

    /** Lines that came with the wish, as the JSONL of a file that is yet to be stored. */
    @SuppressWarnings("ArrayRecordComponent") // bytes of a file; never compared
    record Inline(byte[] jsonl) implements BatchInput {}
}
