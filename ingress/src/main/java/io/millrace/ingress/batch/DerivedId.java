package io.millrace.ingress.batch;

import io.millrace.schemas.id.BatchId;
import io.millrace.schemas.id.FileId;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Ids that follow from a batch's own, so that whoever does the work again names it the same. */
final class DerivedId {

    private static final int DIGITS = 26;
    private static final int BASE = 36;

    private DerivedId() {}

    /** Returns the id of a file that the batch produces, in the batch's own view partition. */
    static FileId file(BatchId batch, String kind) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest((batch + "/" + kind).getBytes(StandardCharsets.UTF_8));
            // 256 bits are 49 digits or a little fewer: the leading ones are filled up, not read
            String digits = "0".repeat(DIGITS) + new BigInteger(1, hash).toString(BASE);
            return new FileId(
                    "file-"
                            + batch.viewPartition().digits()
                            + digits.substring(digits.length() - DIGITS));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
