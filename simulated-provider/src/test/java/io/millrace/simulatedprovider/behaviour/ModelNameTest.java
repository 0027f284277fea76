package io.millrace.simulatedprovider.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelNameTest {

    static final List<String> EXAMPLES = ModelName.EXAMPLES;

    @ParameterizedTest
    @FieldSource("EXAMPLES")
    void everyExampleIsAModel(String model) {
        assertThat(ModelName.behaviour(model)).isPresent();
    }

    @Test
    void examplesOfTheDescriptionAreModels() {
        // Given
        Stream<String> named =
                ModelName.DESCRIPTION
                        .lines()
                        .filter(line -> line.startsWith("Examples: "))
                        .flatMap(line -> Stream.of(line.substring(10).strip().split("\\s+", -1)));

        // Then
        assertThat(named)
                .hasSizeGreaterThan(4)
                .allMatch(model -> ModelName.behaviour(model).isPresent());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sim-",
                "simulated",
                "Sim",
                "sim--50ms",
                "sim-50ms-",
                "sim-50",
                "sim-50ms-60ms",
                "sim-80..20ms",
                "sim-hagn",
                "sim-red",
                "sim-50ms-red",
                "sim-flaky-50ms",
                "sim-flaky",
                "sim-300",
                "sim-600",
                "sim-5%",
                "sim-2of3",
                "sim-500-4of3",
                "sim-500-0of0",
                "sim-500-5%-5%",
                "sim-hang-after-3s",
                "sim-after-3s",
                "sim-words-0",
                "sim-words-10001",
                "sim-9999999ms",
                "sim-every-0ms",
                "sim-every-5ms-every-5ms"
            })
    void nameThatMakesNoSenseIsNoModel(String model) {
        assertThat(ModelName.behaviour(model)).isEmpty();
    }

    @Test
    void endlessNameIsNoModel() {
        assertThat(ModelName.behaviour("sim" + "-500-0%".repeat(1_000))).isEmpty();
    }

    @Test
    void wordsAddUp() {
        // When
        Plan plan = plan("sim-red-100ms-words-7-every-5ms-503-after-date-2s", 0, 1);

        // Then
        assertThat(plan)
                .isEqualTo(
                        new Plan(
                                Duration.ofMillis(100),
                                new Fault.ErrorStatus(
                                        503,
                                        new RetryAfter.Date(
                                                Duration.ofSeconds(2), RetryAfter.DateForm.IMF)),
                                Duration.ofMillis(5),
                                7));
    }

    @Test
    void firstFaultWhoseConditionIsMetHappens() {
        // Given
        String model = "sim-hang-first-1-reset-first-2-500";

        // Then
        assertThat(LongStream.range(0, 4).mapToObj(call -> plan(model, call, 1).fault().word()))
                .containsExactly("hang", "reset", "500", "500");
    }

    @Test
    void drawnLatenciesFillTheirRangeAndNoMore() {
        // When
        List<Long> latencies =
                LongStream.range(0, 2_000)
                        .map(seed -> plan("sim-20..25ms", 0, seed).latency().toMillis())
                        .boxed()
                        .toList();

        // Then
        assertThat(latencies).containsOnly(20L, 21L, 22L, 23L, 24L, 25L);
    }

    @Test
    void probabilityIsWhatTheNameSays() {
        // When
        long hangs =
                LongStream.range(0, 10_000)
                        .filter(seed ->
                                plan("sim-hang-2.5%", 0, seed).fault().word().equals("hang"))
                        .count();

        // Then
        assertThat(hangs).isBetween(200L, 300L);
    }

    @Test
    void dripHasAPaceOfItsOwn() {
        assertThat(plan("sim-drip", 0, 1).pace()).isEqualTo(Duration.ofMillis(100));
        assertThat(plan("sim-drip-every-2ms", 0, 1).pace()).isEqualTo(Duration.ofMillis(2));
        assertThat(plan("sim-head-slow", 0, 1).pace()).isEqualTo(Duration.ofSeconds(1));
        assertThat(plan("sim-head-many", 0, 1).pace()).isZero();
    }

    private static Plan plan(String model, long repetition, long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        return ModelName.behaviour(model).orElseThrow().plan(repetition, random);
    }
}
