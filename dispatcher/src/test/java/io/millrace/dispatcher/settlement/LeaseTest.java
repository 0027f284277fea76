package io.millrace.dispatcher.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseTest {

    private final AtomicLong now = new AtomicLong();
    private final Lease lease = new Lease(now::get, Duration.ofSeconds(5));

    @Test
    void nobodyIsTrustedWhoHasNotAsked() {
        assertThat(lease.isValid()).isFalse();
    }

    @Test
    void answerIsTrustedForTheTerm() {
        // When
        lease.renew(lease.now());

        // Then
        pass(5_000);
        assertThat(lease.isValid()).isTrue();
        pass(1);
        assertThat(lease.isValid()).isFalse();
    }

    @Test
    void termBeginsWithTheQuestion() {
        // Given
        long asked = lease.now();

        // When
        pass(20_000);
        lease.renew(asked);

        // Then
        assertThat(lease.isValid()).isFalse();
    }

    @Test
    void answerToAnEarlierQuestionShortensNothing() {
        // Given
        long asked = lease.now();
        pass(3_000);
        lease.renew(lease.now());

        // When
        lease.renew(asked);

        // Then
        pass(4_000);
        assertThat(lease.isValid()).isTrue();
    }

    private void pass(long millis) {
        now.addAndGet(Duration.ofMillis(millis).toNanos());
    }
}
