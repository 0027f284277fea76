package io.millrace.dispatcher.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.money.NanoDollars;
import io.millrace.schemas.money.Tokens;
import org.junit.jupiter.api.Test;

class QuotaTest {

    @Test
    void everyReservationIsGrantedAsItWasAskedForAsYet() {
        // Given
        Reservation wanted =
                new Reservation(
                        new TenantId("acme"),
                        new JobId(Samples.jobId(1)),
                        new Tokens(1_000_000),
                        new Tokens(1_000_000),
                        new NanoDollars(Long.MAX_VALUE),
                        Samples.NOON);

        // When
        Decision decision = new Quota().reserve(wanted);

        // Then
        assertThat(decision).isEqualTo(new Decision.Granted(wanted));
    }
}
