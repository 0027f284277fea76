package io.millrace.ingress.submission;

import io.millrace.ingress.http.IdempotencyKey;
import io.millrace.schemas.id.BatchId;
import io.millrace.schemas.id.FileId;
import io.millrace.schemas.id.HashDigits;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.servicekit.http.InternalCredential;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The ids of what was wished with an idempotency key: an HMAC of tenant and key, so that every
 * ingress names it the same and nobody else can tell its name. Thread-safe.
 */
public final class KeyedIds {

    private static final String ALGORITHM = "HmacSHA256";
    private static final int PARTITION_BYTES = 8;

    private final SecretKeySpec secret;
    private final Slots partitions;

    /**
     * Names things by a secret that all ingresses share.
     *
     * @param partitions as many as the view has
     */
    public KeyedIds(InternalCredential secret, Slots partitions) {
        this.secret = new SecretKeySpec(secret.value().getBytes(StandardCharsets.UTF_8), ALGORITHM);
        this.partitions = partitions;
    }

    /** Returns the id of the job that a tenant names so. */
    public JobId job(TenantId tenant, IdempotencyKey key) {
        return new JobId("job_" + digits("job", tenant, key));
    }

    /** Returns the id of the batch that a tenant names so. */
    public BatchId batch(TenantId tenant, IdempotencyKey key) {
        return new BatchId("batch_" + digits("batch", tenant, key));
    }

    /** Returns the id of the file that a tenant names so. */
    public FileId file(TenantId tenant, IdempotencyKey key) {
        return new FileId("file-" + digits("file", tenant, key));
    }

    // those of the partition, and 26 more
    private String digits(String kind, TenantId tenant, IdempotencyKey key) {
        byte[] hash = hash("%s\n%s\n%s".formatted(kind, tenant, key.value()));
        int partition =
                new BigInteger(1, Arrays.copyOf(hash, PARTITION_BYTES))
                        .mod(BigInteger.valueOf(partitions.count()))
                        .intValueExact();
        return new ViewPartition(partition).digits()
                + HashDigits.of(Arrays.copyOfRange(hash, PARTITION_BYTES, hash.length));
    }

    private byte[] hash(String text) {
        try {
            Mac hmac = Mac.getInstance(ALGORITHM);
            hmac.init(secret);
            return hmac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
