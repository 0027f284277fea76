package io.millrace.schemas.id;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class HashDigitsTest {

    @Test
    void smallNumberIsFilledUp() {
        assertThat(HashDigits.of(new byte[] {0, 0, 37})).isEqualTo("0".repeat(24) + "11");
    }

    @Test
    void largeNumberIsItsLowestDigits() {
        // Given
        byte[] hash = new byte[32];
        Arrays.fill(hash, (byte) 0xff);

        // When // Then
        assertThat(HashDigits.of(hash)).matches("[0-9a-z]{26}");
        hash[0] = 0;
        hash[31] = 0;
        assertThat(HashDigits.of(hash)).hasSize(26);
    }

    @Test
    void itEndsAnId() {
        assertThat(JobId.parse("job_00" + HashDigits.of(new byte[24]))).isPresent();
    }
}
