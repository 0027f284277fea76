package io.millrace.ingress.submission;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingress.http.IdempotencyKey;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.InternalCredential;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyedIdsTest {

    private static final TenantId ACME = new TenantId("acme");
    private static final Slots PARTITIONS = new Slots(8);

    @Test
    void everyIngressNamesAKeyTheSame() {
        assertThat(ids("a").job(ACME, key("k"))).isEqualTo(ids("a").job(ACME, key("k")));
    }

    @Test
    void anotherTenantKeyOrSecretIsAnotherId() {
        assertThat(
                        Set.of(
                                ids("a").job(ACME, key("k")),
                                ids("a").job(ACME, key("l")),
                                ids("a").job(new TenantId("umbra"), key("k")),
                                ids("b").job(ACME, key("k"))))
                .hasSize(4);
    }

    @Test
    void keysAreSpreadOverAllPartitions() {
        Set<Integer> partitions = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            JobId job = ids("a").job(ACME, key("k" + i));
            partitions.add(job.viewPartition().number());
        }
        assertThat(partitions).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
    }

    private static IdempotencyKey key(String value) {
        return new IdempotencyKey(value);
    }

    private static KeyedIds ids(String letter) {
        return new KeyedIds(InternalCredential.of(letter.repeat(32)), PARTITIONS);
    }
}
