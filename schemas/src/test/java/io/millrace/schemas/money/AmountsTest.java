package io.millrace.schemas.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AmountsTest {

    private static final long MOST_TOKENS = 1_000_000_000_000L;

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1000000000",
        "250, 250000000000",
        "0.000000001, 1",
        "0.10, 100000000",
        "1e3, 1000000000000",
        "9223372036.854775807, 9223372036854775807"
    })
    void dollarsAreReadExactly(BigDecimal usd, long nanoDollars) {
        assertThat(NanoDollars.ofUsd(usd)).isEqualTo(new NanoDollars(nanoDollars));
        assertThat(new NanoDollars(nanoDollars).toUsd()).isEqualByComparingTo(usd);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0000000001", "9223372036.854775808", "1e1000000", "1e-1000000"})
    void dollarsThatNoAmountHoldsAreRefusedAndNotRounded(BigDecimal usd) {
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> NanoDollars.ofUsd(usd));
    }

    @Test
    void negativeAmountIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NanoDollars(-1))
                .withMessage("nano-dollars must not be negative, but were -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> NanoDollars.ofUsd(new BigDecimal("-0.5")));
    }

    @Test
    void sumThatNoAmountHoldsIsRefusedAndDoesNotWrap() {
        NanoDollars most = new NanoDollars(Long.MAX_VALUE);

        assertThat(most.plus(NanoDollars.NONE)).isEqualTo(most);
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> most.plus(new NanoDollars(1)));
    }

    @Test
    void sumsOfAmountsAgreeWithDecimalArithmetic() {
        RandomGenerator random = new SplittableRandom(7);
        NanoDollars sum = NanoDollars.NONE;
        BigDecimal naive = BigDecimal.ZERO;
        for (int i = 0; i < 10_000; i++) {
            NanoDollars next = new NanoDollars(random.nextLong(1_000_000_000_000L));
            sum = sum.plus(next);
            naive = naive.add(next.toUsd());

            assertThat(sum.toUsd()).as("seed 7, step %d", i).isEqualByComparingTo(naive);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, MOST_TOKENS + 1, Long.MIN_VALUE, Long.MAX_VALUE})
    void tokensThatNoCallCanHaveAreRefused(long count) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tokens(count))
                .withMessage("tokens must be between 0 and 1000000000000, but were " + count);
    }

    @Test
    void tokensAddUpToTheMostAndNoFurther() {
        Tokens most = new Tokens(MOST_TOKENS);

        assertThat(new Tokens(MOST_TOKENS - 1).plus(new Tokens(1))).isEqualTo(most);
        assertThatIllegalArgumentException().isThrownBy(() -> most.plus(new Tokens(1)));
    }
}
