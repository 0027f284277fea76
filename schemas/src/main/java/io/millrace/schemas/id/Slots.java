package io.millrace.schemas.id;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * The slots of a cluster: a tenant lives in one, and one dispatcher writes for it.
 *
 * @param count number of slots, fixed for a cluster's life
 */
public record Slots(int count) {

    public Slots {
        if (count < 1 || count > ViewPartition.MAX_COUNT) {
            throw new IllegalArgumentException(
                    "slots must be between 1 and %d, but was %d"
                            .formatted(ViewPartition.MAX_COUNT, count));
        }
    }

    /** Returns the slot of a tenant: murmur2 modulo the count, as Kafka's own partitioner does. */
    public int of(TenantId tenant) {
        return of(tenant.value());
    }

    /** Returns the partition of any key under Kafka's own partitioner. */
    public int of(String key) {
        return Utils.toPositive(Utils.murmur2(key.getBytes(StandardCharsets.UTF_8))) % count;
    }
}
