package io.millrace.dispatcher;

import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.SLOTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.execution.ExecutionSeam;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.schemas.avro.TenantState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What ingresses are told of a caller's minute. */
class RatesPageTest {

    private static final String MODEL = "bQ"; // m

    private final Ownership ownership = new Ownership();
    private final RatesPage page =
            new RatesPage(
                    ownership,
                    SLOTS,
                    ExecutionSeam.idle(
                            List.of(
                                    TenantState.newBuilder()
                                            .setName("acme")
                                            .setRequestsPerMinute(100L)
                                            .build()),
                            () -> NOON));

    @Test
    void ownerOfTheTenantsSlotTellsWhatIsLeft() {
        // Given
        ownership.own(Samples.state());

        // When // Then
        assertThat(page.json("acme,key," + MODEL))
                .get()
                .asString()
                .isEqualTo("{\"requests\":{\"limit\":100,\"remaining\":100,\"reset_ms\":0}}");
    }

    @Test
    void whoDoesNotOwnTheSlotOrIsAskedNonsenseTellsNothing() {
        assertThat(page.json("acme,key," + MODEL)).isEmpty();
        ownership.own(Samples.state());
        assertThat(page.json("acme")).isEmpty();
        assertThat(page.json("a b,key," + MODEL)).isEmpty();
        assertThat(page.json("acme,key,%%")).isEmpty();
    }
}
