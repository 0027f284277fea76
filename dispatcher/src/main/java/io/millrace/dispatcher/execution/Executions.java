package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.provider.Provider;
import io.millrace.dispatcher.routing.Catalogue;
import io.millrace.dispatcher.routing.ProviderShare;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.schemas.avro.ProviderState;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.serde.Codecs;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.producer.Producer;

/**
 * What an {@link Execution} is made of.
 *
 * @param catalogue models, providers and tenants at the moment
 * @param opening opens a provider in a state
 * @param journal producer for attempts
 * @param settlements takes what ended
 * @param process name of this start of the process
 * @param share what this process may use of the providers' limits
 * @param random chance of the latency strategy
 * @param mostInFlight calls at the same time
 * @param maxAttempts attempts a job may have
 */
public record Executions(
        Supplier<Catalogue> catalogue,
        Function<ProviderState, Provider> opening,
        Producer<byte[], byte[]> journal,
        Consumer<Settlement> settlements,
        Codecs codecs,
        ClaimCheck claimCheck,
        ExecutionMeters meters,
        InstantSource clock,
        String process,
        ProviderShare share,
        RandomGenerator random,
        int mostInFlight,
        int maxAttempts) {

    /** Wires an execution. */
    public Execution start() {
        Journal attemptsJournal = new Journal(new AttemptsTopic(journal, codecs), process);
        ProviderPool providers = new ProviderPool(opening, share);
        Attempts attempts =
                new Attempts(attemptsJournal, claimCheck, new BodyEstimate(), meters, clock);
        Background background = Background.threads();
        Allowance allowance = new Allowance(catalogue);
        Settling settling =
                new Settling(
                        new Endings(claimCheck),
                        attemptsJournal,
                        claimCheck,
                        each -> settlements.accept(allowance.charged(each)));
        HandingOver handingOver =
                new HandingOver(new HandoffsTopic(journal, codecs), claimCheck, meters, background);
        return new Execution(
                catalogue,
                providers,
                attempts,
                settling,
                handingOver,
                meters,
                new Judge(maxAttempts),
                allowance,
                background,
                clock,
                random,
                mostInFlight);
    }
}
