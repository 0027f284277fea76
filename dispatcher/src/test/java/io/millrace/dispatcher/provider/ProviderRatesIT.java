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

/** A minute and a half against a provider that enforces an exact sliding window of 60 s. */
@Timeout(180)
class ProviderRatesIT {

    private static final int PER_MINUTE = 1_200;
    private static final Duration LENGTH = Duration.ofSeconds(90);
    private static final Target TARGET = new Target("p", "sim-20..80ms", 1);
    private static final ProviderLimits LIMITS =
            new ProviderLimits(64, PER_MINUTE, ProviderLimits.UNLIMITED);

    private final Capacity capacity = new Capacity();

    @Test
    void providerWithAnExactWindowRefusesNothingAndIsUsedWhole() throws IOException {
        // Given
        AtomicLong completed = new AtomicLong();
        AtomicLong running = new AtomicLong();
        SimulatedProviderConfig config =
                SimulatedProviderConfig.DEFAULTS.withRequestsPerMinute(PER_MINUTE);
        try (SimulatedProvider simulated = SimulatedProvider.start(config);
                JsonProvider provider = provider(simulated)) {
            Instant end = Instant.now().plus(LENGTH);

            // When
            while (Instant.now().isBefore(end)) {
                Capacity.Running call = next();
                running.incrementAndGet();
                Thread.startVirtualThread(() -> {
                    Outcome outcome = provider.call(Calls.chat(TARGET.model()));
                    completed.addAndGet(outcome instanceof Outcome.Completed ? 1 : 0);
                    ended(call);
                    running.decrementAndGet();
                });
            }
            while (running.get() > 0) {
                LockSupport.parkNanos(1_000_000);
            }

            // Then: a burst of a tenth at the beginning, then the window's pace
            var byStatus = simulated.summary().byStatus();
            long allowed = PER_MINUTE * LENGTH.toSeconds() / 60;
            assertThat(byStatus.getOrDefault(429, 0L)).isZero();
            assertThat(completed.get()).isGreaterThanOrEqualTo((long) (allowed * 0.95));
        }
    }

    private synchronized void ended(Capacity.Running call) {
        capacity.end(
                call,
                new Signal.Answered(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Instant.now());
    }

    private Capacity.Running next() {
        while (true) {
            Duration pause;
            synchronized (this) {
                Instant now = Instant.now();
                Load load = capacity.load(TARGET, LIMITS, () -> Need.NONE, now);
                if (load.hasRoom()) {
                    return capacity.start(TARGET, LIMITS, Need.NONE, false, now);
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
