package io.millrace.ingress.batch;

import io.millrace.schemas.id.BatchId;
import io.millrace.schemas.id.FileId;
import io.millrace.schemas.id.HashDigits;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Ids that follow from a batch's own, so that whoever does the work again names it the same. */
final class DerivedId {

    private DerivedId() {}

    /** Returns the id of a file that the batch produces, in the batch's own view partition. */
    static FileId file(BatchId batch, String kind) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest((batch + "/" + kind).getBytes(StandardCharsets.UTF_8));
            return new FileId("file-" + batch.viewPartition().digits() + HashDigits.of(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
