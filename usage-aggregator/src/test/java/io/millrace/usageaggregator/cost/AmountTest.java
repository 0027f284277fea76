package io.millrace.usageaggregator.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.money.NanoDollars;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AmountTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 0.000000001",
        "1500000000, 1.5",
        "100000000000, 100",
        "9223372036854775807, 9223372036.854775807"
    })
    void amountIsExact(long nano, String value) {
        // When
        Amount amount = Amount.of(new NanoDollars(nano));

        // Then
        assertThat(amount.value().toPlainString()).isEqualTo(value);
        assertThat(amount.value().toString()).doesNotContain("E+");
        assertThat(amount.currency()).isEqualTo("usd");
    }
}
