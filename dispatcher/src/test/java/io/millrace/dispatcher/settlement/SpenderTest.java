package io.millrace.dispatcher.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.id.TenantId;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpenderTest {

    private static final TenantId ACME = new TenantId("acme");

    @Test
    void keysOfTheLedgerSayWhoseSumsTheyAre() {
        assertThat(Spender.of(ACME, "key_1", "org/model-1"))
                .extracting(Spender::toKey)
                .containsExactly(
                        "spend/acme", "spend/acme/key/key_1", "spend/acme/model/org/model-1");
    }

    @Test
    void whatIsWrittenIsReadBack() {
        List<Spender> all = Spender.of(ACME, "key_1", "org/model-1");

        assertThat(all).allMatch(each -> Spender.fromKey(each.toKey()).equals(each));
    }
}
