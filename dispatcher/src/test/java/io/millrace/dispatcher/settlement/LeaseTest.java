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
        pass(1_499);
        lease.renew();
        assertThat(lease.isValid()).isFalse();
        pass(1);
        assertThat(lease.isValid()).isTrue();
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
