package io.millrace.schemas.id;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class IdFactoryTest {

    private static final int SAMPLE = 100_000;

    private final IdFactory ids = new IdFactory(new SplittableRandom(20261122));

    @Test
    void idsHaveTheFormOfTheirKindInThePartitionAskedFor() {
        // Given
        ViewPartition partition = new ViewPartition(37);

        // Then
        assertThat(ids.job(partition).value()).matches("job_11[0-9a-z]{26}");
        assertThat(ids.batch(partition).value()).matches("batch_11[0-9a-z]{26}");
        assertThat(ids.file(partition).value()).matches("file-11[0-9a-z]{26}");
    }

    @Test
    void noTwoIdsAreTheSame() {
        // Given
        Set<JobId> made = new HashSet<>();

        // When
        for (int i = 0; i < SAMPLE; i++) {
            made.add(ids.job(new ViewPartition(i % 16)));
        }

        // Then
        assertThat(made).hasSize(SAMPLE);
    }

    @Test
    void everyDigitIsDrawnAsOftenAsAnyOther() {
        // Given
        Map<Character, Integer> seen = new HashMap<>();

        // When
        for (int i = 0; i < SAMPLE; i++) {
            ids.job(new ViewPartition(0))
                    .value()
                    .substring("job_00".length())
                    .chars()
                    .forEach(digit -> seen.merge((char) digit, 1, Integer::sum));
        }

        // Then
        double expected = SAMPLE * 26 / 36.0;
        assertThat(seen).hasSize(36);
        assertThat(seen.values())
                .allSatisfy(count -> assertThat(count / expected).isBetween(0.97, 1.03));
    }
}
