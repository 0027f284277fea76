package io.millrace.ingress.batch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeenIdsTest {

    @Test
    void eachOfManyIdsIsNewOnce() {
        // Given
        SeenIds seen = new SeenIds();

        // When / Then
        for (int i = 0; i < 50_000; i++) {
            assertThat(seen.add("id-" + i)).isTrue();
        }
        for (int i = 0; i < 50_000; i += 97) {
            assertThat(seen.add("id-" + i)).isFalse();
        }
    }
}
