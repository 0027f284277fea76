package io.millrace.dispatcher.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.execution.Pace;
import io.millrace.dispatcher.settlement.Backlog;
import io.millrace.schemas.id.TenantId;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How many jobs of a tenant wait in memory. */
class DepthsTest {

    private static final int TRIES = 10_000;
    private static final TopicPartition LANE = new TopicPartition("lanes.acme.batch", 0);

    private final AtomicLong nanos = new AtomicLong();
    private final Refill refill = new Refill(nanos::get);

    @ParameterizedTest
    @CsvSource({
        "0, 200, 50, 8", // may not run
        "64, 200, 50, 56", // the benchmark's provider
        "1, 30000, 50, 8", // one long call at a time
        "1000, 10000, 50, 23",
        "1000, 1, 50, 1024", // a provider that answers at once
        "64, 0, 50, 1024",
        "64, 200, 0, 8"
    })
    void depthIsThreeRefillsOfWhatStartsAndEight(
            int permits, long callMillis, long refillMillis, int jobs) {
        // When // Then
        assertThat(
                        Depths.jobs(
                                new Pace(permits, Duration.ofMillis(callMillis)),
                                Duration.ofMillis(refillMillis)))
                .isEqualTo(jobs);
    }

    @Test
    void depthStaysInItsBoundsAndGrowsWithPermitsAndRefillAndFallsWithTheTimeOfCalls() {
        // Given
        Random random = new Random(41);

        for (int i = 0; i < TRIES; i++) {
            int permits = random.nextInt(random.nextBoolean() ? 100 : Integer.MAX_VALUE / 2);
            Duration call = Duration.ofNanos(random.nextLong(1L << random.nextInt(1, 62)));
            Duration wait = Duration.ofNanos(random.nextLong(1L << random.nextInt(1, 40)));

            // When
            int jobs = Depths.jobs(new Pace(permits, call), wait);

            // Then
            assertThat(jobs).isBetween(8, 1024);
            assertThat(Depths.jobs(new Pace(permits + random.nextInt(100), call), wait))
                    .isGreaterThanOrEqualTo(jobs);
            assertThat(Depths.jobs(new Pace(permits, call), wait.multipliedBy(2)))
                    .isGreaterThanOrEqualTo(jobs);
            assertThat(Depths.jobs(new Pace(permits, call.multipliedBy(2)), wait))
                    .isLessThanOrEqualTo(jobs);
            // what starts while more is fetched is there, unless it is more than there may be
            double starting = permits * (double) wait.toNanos() / Math.max(1, call.toNanos());
            assertThat((double) jobs).isGreaterThanOrEqualTo(Math.min(1024, starting));
        }
    }

    @Test
    void laneHasTheDepthOfItsTenantAndARetryTopicAFixedOne() {
        // Given
        Depths depths =
                new Depths(
                        tenant ->
                                tenant.equals(new TenantId("acme"))
                                        ? new Pace(64, Duration.ofMillis(100))
                                        : Pace.UNKNOWN,
                        refill);

        // When // Then
        assertThat(depths.of(LANE)).isEqualTo(new Backlog(104, 1 << 20));
        assertThat(depths.of(new TopicPartition("lanes.umbra.wait", 0)))
                .isEqualTo(new Backlog(56, 1 << 20));
        assertThat(depths.of(new TopicPartition("retries.5s", 3))).isEqualTo(Depths.RETRIES);
    }

    @Test
    void refillIsWhatLanesTookThatWereReadOn() {
        // Given
        assertThat(refill.usual()).isEqualTo(Duration.ofMillis(50));

        // When
        for (int i = 0; i < 50; i++) {
            refill.resumed(LANE);
            nanos.addAndGet(Duration.ofMillis(200).toNanos());
            refill.came(LANE);
            nanos.addAndGet(Duration.ofMinutes(1).toNanos());
            refill.came(LANE); // nobody waited for it
        }

        // Then
        assertThat(refill.usual().toMillis()).isBetween(199L, 200L);
    }

    @Test
    void refillThatTakesForeverCountsForOneSecond() {
        // When
        for (int i = 0; i < 50; i++) {
            refill.resumed(LANE);
            nanos.addAndGet(Duration.ofHours(1).toNanos());
            refill.came(LANE);
        }

        // Then
        assertThat(refill.usual()).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }
}
