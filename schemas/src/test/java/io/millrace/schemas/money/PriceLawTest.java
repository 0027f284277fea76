package io.millrace.schemas.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PriceLawTest {

    private static final int DRAWS = 1_000;

    static LongStream seeds() {
        return LongStream.range(0, 20);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void costIsTheExactSumRoundedOnceHalfUp(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        for (int draw = 0; draw < DRAWS; draw++) {
            Price price = price(random);
            Usage usage = usage(random);

            assertThat(price.cost(usage).toUsd())
                    .as("seed %d, draw %d: %s, %s", seed, draw, price, usage)
                    .isEqualByComparingTo(naive(price, usage));
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void moreTokensNeverCostLess(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        for (int draw = 0; draw < DRAWS; draw++) {
            Price price = price(random);
            Usage usage = usage(random);
            Usage more = usage.plus(usage(random));

            assertThat(price.cost(more).amount())
                    .as("seed %d, draw %d", seed, draw)
                    .isGreaterThanOrEqualTo(price.cost(usage).amount());
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "499_999, 0", "500_000, 1", "500_001, 1", "1_499_999, 1", "1_500_000, 2"})
    void halfANanoDollarIsRoundedUp(String tokens, long nanoDollars) {
        // Given: a nano-dollar per million tokens
        Price price = new Price(new NanoDollars(1), NanoDollars.NONE, NanoDollars.NONE, 1);

        // Then
        assertThat(price.cost(Usage.of(Long.parseLong(tokens.replace("_", "")), 0)))
                .isEqualTo(new NanoDollars(nanoDollars));
    }

    @Test
    void knownPriceOfAKnownCallIsWhatTheProviderPageSays() {
        // Given: USD 0.15, 0.60 and 0.075 per million tokens
        Price price =
                new Price(
                        NanoDollars.ofUsd(new BigDecimal("0.15")),
                        NanoDollars.ofUsd(new BigDecimal("0.60")),
                        NanoDollars.ofUsd(new BigDecimal("0.075")),
                        3);
        Usage usage =
                new Usage(
                        new Tokens(1_000),
                        new Tokens(200),
                        new Tokens(400),
                        new Tokens(150),
                        false);

        // Then: 600 × 0.15 + 400 × 0.075 + 200 × 0.60 millionths
        assertThat(price.cost(usage).toUsd()).isEqualByComparingTo("0.00024");
    }

    @Test
    void modelWithoutPriceCostsNothing() {
        assertThat(Price.FREE.cost(Usage.of(1_000_000_000_000L, 1_000_000_000_000L)))
                .isEqualTo(NanoDollars.NONE);
    }

    @Test
    void costThatNoAmountCanHoldIsRefusedAndNotCutOff() {
        Price price =
                new Price(new NanoDollars(Long.MAX_VALUE), NanoDollars.NONE, NanoDollars.NONE, 1);

        assertThat(price.cost(Usage.of(1_000_000, 0))).isEqualTo(new NanoDollars(Long.MAX_VALUE));
        assertThatExceptionOfType(ArithmeticException.class)
                .isThrownBy(() -> price.cost(Usage.of(1_000_001, 0)));
    }

    private static BigDecimal naive(Price price, Usage usage) {
        BigDecimal cached = BigDecimal.valueOf(usage.cachedInput().count());
        BigDecimal fresh = BigDecimal.valueOf(usage.input().count()).subtract(cached);
        BigDecimal output = BigDecimal.valueOf(usage.output().count());
        return price.inputPerMillion()
                .toUsd()
                .multiply(fresh)
                .add(price.cachedInputPerMillion().toUsd().multiply(cached))
                .add(price.outputPerMillion().toUsd().multiply(output))
                .divide(BigDecimal.valueOf(1_000_000))
                .setScale(9, RoundingMode.HALF_UP);
    }

    private static Price price(RandomGenerator random) {
        return new Price(amount(random), amount(random), amount(random), 1);
    }

    // Of every order of magnitude up to USD 1,000 per million tokens.
    private static NanoDollars amount(RandomGenerator random) {
        return new NanoDollars(random.nextLong(magnitude(random, 13)));
    }

    private static Usage usage(RandomGenerator random) {
        long input = random.nextLong(magnitude(random, 9));
        long output = random.nextLong(magnitude(random, 9));
        return new Usage(
                new Tokens(input),
                new Tokens(output),
                new Tokens(random.nextLong(input + 1)),
                new Tokens(random.nextLong(output + 1)),
                random.nextBoolean());
    }

    private static long magnitude(RandomGenerator random, int most) {
        return (long) Math.pow(10, random.nextInt(most));
    }
}
