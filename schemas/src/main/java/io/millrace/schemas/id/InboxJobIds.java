package io.millrace.schemas.id;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The ids of the jobs that come with records of an inbox: a hash of where the record lies, or of
 * the idempotency key it came with, so that whoever reads it names it the same.
 *
 * @param partitions as many as the view has
 */
public record InboxJobIds(Slots partitions) {

    private static final String ALGORITHM = "SHA-256";
    private static final int PARTITION_BYTES = 8;

    /** Returns the id of the job of the record at that position. */
    public JobId at(String topic, int partition, long offset) {
        return id("inbox\n%s\n%d\n%d".formatted(topic, partition, offset));
    }

    /** Returns the id of the job that a tenant names by a key. */
    public JobId keyed(TenantId tenant, String key) {
        return id("inbox-key\n%s\n%s".formatted(tenant, key));
    }

    private JobId id(String text) {
        byte[] hash = hash(text);
        int partition =
                new BigInteger(1, Arrays.copyOf(hash, PARTITION_BYTES))
                        .mod(BigInteger.valueOf(partitions.count()))
                        .intValueExact();
        return new JobId(
                "job_"
                        + new ViewPartition(partition).digits()
                        + HashDigits.of(Arrays.copyOfRange(hash, PARTITION_BYTES, hash.length)));
    }

    private static byte[] hash(String text) {
        try {
            return MessageDigest.getInstance(ALGORITHM)
                    .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
