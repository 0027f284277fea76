package io.millrace.dispatcher.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeaseTest {

    private final AtomicLong now = new AtomicLong();
    private final Lease lease =
            new Lease(now::get, Duration.ofSeconds(4), Duration.ofMillis(1_500));

    @Test
    void groupThatConfirmsIsTrusted() {
        // When
        pass(3_000);
        lease.renew();
        pass(3_000);

        // Then
        assertThat(lease.isValid()).isTrue();
    }

    @Test
    void silentGroupIsNotTrusted() {
        // When
        pass(4_001);

        // Then
        assertThat(lease.isValid()).isFalse();
    }

    @Test
    void firstWordAfterALongSilenceIsNotTrustedYet() {
        // When
        pass(20_000);
        lease.renew();

        // Then
        assertThat(lease.isValid()).isFalse();
        renewFor(1_400);
        assertThat(lease.isValid()).isFalse();
        renewFor(100);
        assertThat(lease.isValid()).isTrue();
    }

    @Test
    void stopWithinTheProbationIsNoPartOfIt() {
        // Given
        pass(20_000);
        lease.renew();
        renewFor(300);

        // When
        pass(3_000);

        // Then
        assertThat(lease.isValid()).isFalse();
        lease.renew();
        assertThat(lease.isValid()).isFalse();
        renewFor(1_500);
        assertThat(lease.isValid()).isTrue();
    }

    private void renewFor(long millis) {
        for (long i = 0; i < millis; i += 100) {
            pass(100);
            lease.renew();
        }
    }

    @Test
    void newOwnershipIsTrustedAtOnce() {
        // Given
        pass(20_000);

        // When
        lease.begin();

        // Then
        assertThat(lease.isValid()).isTrue();
    }

    private void pass(long millis) {
        now.addAndGet(Duration.ofMillis(millis).toNanos());
    }
}
