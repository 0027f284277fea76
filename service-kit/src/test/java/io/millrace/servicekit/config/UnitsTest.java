package io.millrace.servicekit.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {

    @ParameterizedTest
    @CsvSource({
        "0ms, PT0S",
        "500ms, PT0.5S",
        "5s, PT5S",
        "10m, PT10M",
        "24h, PT24H",
        "30d, PT720H",
        "90s, PT1M30S"
    })
    void durationIsANumberAndAUnit(String text, Duration duration) {
        assertThat(Units.duration(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({"0B, 0", "64B, 64", "512KiB, 524288", "200MiB, 209715200", "1GiB, 1073741824"})
    void sizeIsANumberAndABinaryUnit(String text, long bytes) {
        assertThat(Units.size(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "5 s", "1.5s", "5S", "5sec", "5s ", "5w", "٥s"})
    void otherDurationsAreRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Units.duration(text))
                .withMessage(
                        "must be a duration such as 500ms, 5s, 10m, 24h or 30d, but was '%s'",
                        text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "5MB", "5kb", "5 KiB", "-1B", "0.5GiB"})
    void otherSizesAreRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Units.size(text))
                .withMessage(
                        "must be a size such as 64B, 512KiB, 200MiB or 1GiB, but was '%s'", text);
    }

    @Test
    void quantityThatOverflowsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Units.duration("999999999999999d"))
                .withMessage("is too large: '999999999999999d'");
        assertThatIllegalArgumentException().isThrownBy(() -> Units.size("999999999999999GiB"));
    }

    @Test
    void whatIsWrittenIsReadBackAsItWas() {
        RandomGenerator random = new SplittableRandom(3);
        for (int draw = 0; draw < 10_000; draw++) {
            long amount = random.nextLong(1L << random.nextInt(1, 45));
            Duration duration = Duration.ofMillis(amount);

            assertThat(Units.duration(Units.duration(duration)))
                    .as("seed 3, draw %d", draw)
                    .isEqualTo(duration);
            assertThat(Units.size(Units.size(amount)))
                    .as("seed 3, draw %d", draw)
                    .isEqualTo(amount);
        }
    }

    @Test
    void writtenInTheLargestWholeUnit() {
        assertThat(Units.duration(Duration.ofDays(2))).isEqualTo("2d");
        assertThat(Units.duration(Duration.ofSeconds(90))).isEqualTo("90s");
        assertThat(Units.size(3L << 20)).isEqualTo("3MiB");
        assertThat(Units.size(1025)).isEqualTo("1025B");
    }
}
