package io.millrace.schemas.id;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlotsTest {

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-äß漢";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 16, 64, 1296})
    void slotIsThePartitionThatKafkasOwnPartitionerChooses(int count) {
        RandomGenerator random = new SplittableRandom(count);
        Slots slots = new Slots(count);

        for (int i = 0; i < 2_000; i++) {
            String key = text(random);
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);

            assertThat(slots.of(key))
                    .as("seed %d, key '%s'", count, key)
                    .isEqualTo(BuiltInPartitioner.partitionForKey(bytes, count));
        }
    }

    @Test
    void slotOfATenantNeverChanges() {
        // Given: values once computed; a cluster's tenants would be lost if they changed
        Slots slots = new Slots(64);

        // Then
        assertThat(slots.of(new TenantId("acme"))).isEqualTo(4);
        assertThat(slots.of(new TenantId("default"))).isEqualTo(43);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 1297})
    void countOutsideItsRangeIsRefused(int count) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Slots(count))
                .withMessage("slots must be between 1 and 1296, but was " + count);
    }

    private static String text(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(1, 64); length > 0; length--) {
            text.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
