package io.millrace.dispatcher.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.provider.http.AnswerMemory;
import io.millrace.dispatcher.provider.http.HttpLimits;
import io.millrace.dispatcher.provider.http.Transport;
import io.millrace.dispatcher.provider.json.JsonProvider;
import io.millrace.dispatcher.provider.openai.OpenAi;
import io.millrace.dispatcher.routing.Capacity;
import io.millrace.dispatcher.routing.Load;
import io.millrace.dispatcher.routing.Need;
import io.millrace.dispatcher.routing.ProviderLimits;
import io.millrace.dispatcher.routing.Signal;
import io.millrace.dispatcher.routing.Target;
import io.millrace.schemas.money.TokenEstimate;
import io.millrace.simulatedprovider.SimulatedProvider;
import io.millrace.simulatedprovider.SimulatedProviderConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A minute and a half against a provider that enforces an exact sliding window of 60 s. */
@Timeout(600)
@Execution(
        ExecutionMode.CONCURRENT) // each mostly waits, with a provider and an instance of its own
class ProviderRatesIT {

    private static final int REQUESTS = 1_200;
    private static final int TOKENS = 24_000;
    private static final Duration LENGTH = Duration.ofSeconds(90);
    private static final Target TARGET = new Target("p", "sim-20..80ms", 1);
    private static final SimulatedProviderConfig DEFAULTS = SimulatedProviderConfig.DEFAULTS;

    // What a call asks for; its answers have 8 to 24 tokens, which is learnt.
    private static final Need NEED = new Need(TokenEstimate.ofText("one two three"), 64);

    private static final int MOST_RUNS = 3;
    private static final Duration ON_THEIR_WAY = Duration.ofSeconds(1);

    private Capacity capacity = new Capacity();
    private final AtomicLong slowest = new AtomicLong();
    private final AtomicLong calls = new AtomicLong();
    private final AtomicLong tokens = new AtomicLong();
    private final AtomicLong running = new AtomicLong();

    @Test
    void requestsOfAnExactWindowAreNeverRefusedAndUsedWhole() throws IOException {
        // When
        long refused =
                run(
                        DEFAULTS.withRequestsPerMinute(REQUESTS),
                        new ProviderLimits(64, REQUESTS, ProviderLimits.UNLIMITED));

        // Then: a burst of a tenth at the beginning, then the window's pace
        assertThat(refused).isZero();
        assertThat(calls.get()).isGreaterThanOrEqualTo(atLeast(REQUESTS));
    }

    @Test
    void tokensOfAnExactWindowAreNeverRefusedAndUsedWhole() throws IOException {
        // When
        long refused =
                run(
                        DEFAULTS.withTokensPerMinute(TOKENS),
                        new ProviderLimits(64, ProviderLimits.UNLIMITED, TOKENS));

        // Then
        assertThat(refused).isZero();
        assertThat(tokens.get()).isGreaterThanOrEqualTo(atLeast(TOKENS));
    }

    private static long atLeast(int perMinute) {
        return (long) (perMinute * LENGTH.toSeconds() / 60.0 * 0.95);
    }

    /**
     * Calls for a minute and a half, and returns how often that was refused. What our window leaves
     * to calls on their way is a second: a run in which the machine took longer says nothing and is
     * made again.
     */
    private long run(SimulatedProviderConfig config, ProviderLimits limits) throws IOException {
        long refused = 0;
        for (int runs = 0; runs < MOST_RUNS; runs++) {
            capacity = new Capacity();
            calls.set(0);
            tokens.set(0);
            slowest.set(0);
            refused = runOnce(config, limits);
            if (slowest.get() < ON_THEIR_WAY.toNanos()) {
                break;
            }
        }
        return refused;
    }

    private long runOnce(SimulatedProviderConfig config, ProviderLimits limits) throws IOException {
        try (SimulatedProvider simulated = SimulatedProvider.start(config);
                JsonProvider provider = provider(simulated)) {
            Instant end = Instant.now().plus(LENGTH);
            while (Instant.now().isBefore(end)) {
                Capacity.Running call = next(limits);
                running.incrementAndGet();
                long since = System.nanoTime();
                Thread.startVirtualThread(() -> {
                    ended(call, provider.call(Calls.chat(TARGET.model())));
                    slowest.accumulateAndGet(System.nanoTime() - since, Math::max);
                    running.decrementAndGet();
                });
            }
            while (running.get() > 0) {
                LockSupport.parkNanos(1_000_000);
            }
            return simulated.summary().byStatus().getOrDefault(429, 0L);
        }
    }

    private synchronized void ended(Capacity.Running call, Outcome outcome) {
        OptionalLong used = OptionalLong.empty();
        OptionalLong output = OptionalLong.empty();
        if (outcome instanceof Outcome.Completed completed) {
            used = OptionalLong.of(completed.usage().total().count());
            output = OptionalLong.of(completed.usage().output().count());
            calls.incrementAndGet();
            tokens.addAndGet(used.getAsLong());
        }
        capacity.end(call, new Signal.Answered(), used, output, Instant.now());
    }

    private Capacity.Running next(ProviderLimits limits) {
        while (true) {
            Duration pause;
            synchronized (this) {
                Instant now = Instant.now();
                Load load = capacity.load(TARGET, limits, () -> NEED, now);
                if (load.hasRoom()) {
                    return capacity.start(TARGET, limits, NEED, false, now);
                }
                pause = load.delay().isZero() ? Duration.ofMillis(1) : load.delay();
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    private static JsonProvider provider(SimulatedProvider simulated) {
        return new JsonProvider(
                new OpenAi(),
                "sim",
                simulated.url() + "/v1",
                List::of,
                HttpLimits.of(64, Calls.LONG, Calls.LONG, Calls.LONG),
                Transport.DEFAULT,
                AnswerMemory.ofHeap(),
                InstantSource.system());
    }
}
