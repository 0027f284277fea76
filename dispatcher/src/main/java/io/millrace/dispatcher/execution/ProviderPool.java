package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.provider.Provider;
import io.millrace.dispatcher.routing.Load;
import io.millrace.dispatcher.routing.Target;
import io.millrace.schemas.avro.ProviderState;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The providers that are open, how many calls run at each, and which cool down. Thread-safe.
 *
 * <p>A provider whose state changes is opened anew; the old one is closed when its last call ends.
 */
final class ProviderPool implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderPool.class);
    private static final int DEFAULT_CONCURRENCY = 64;

    private final Function<ProviderState, Provider> opening;
    private final Map<String, Lease> current = new HashMap<>();

    ProviderPool(Function<ProviderState, Provider> opening) {
        this.opening = opening;
    }

    /** A provider in one state, with the calls that run at it. */
    final class Lease {

        private final ProviderState state;
        private final Provider provider;
        private int inFlight;
        private Instant coolUntil = Instant.MIN;
        private boolean replaced;

        private Lease(ProviderState state, Provider provider) {
            this.state = state;
            this.provider = provider;
        }

        Provider provider() {
            return provider;
        }

        ProviderState state() {
            return state;
        }

        /** Ends a call's hold on the provider. */
        void release() {
            synchronized (ProviderPool.this) {
                inFlight--;
                if (replaced && inFlight == 0) {
                    provider.close();
                }
            }
        }

        /** Starts no further call before that time. */
        void coolDown(Instant until) {
            synchronized (ProviderPool.this) {
                coolUntil = until.isAfter(coolUntil) ? until : coolUntil;
            }
        }
    }

    /** Returns how loaded a target's provider is. */
    synchronized Load load(Target target, Optional<ProviderState> state, Instant now) {
        if (state.isEmpty()) {
            return new Load(0, 0);
        }
        Lease lease = current.get(target.provider());
        int limit = limit(state.get());
        if (lease == null) {
            return new Load(0, limit);
        }
        return new Load(lease.inFlight, now.isBefore(lease.coolUntil) ? 0 : limit);
    }

    /** Takes hold of a provider for one call, opening it if it is not in that state. */
    synchronized Lease acquire(ProviderState state) {
        Lease lease = current.get(state.getName());
        if (lease == null || !lease.state.equals(state)) {
            Lease opened = new Lease(state, opening.apply(state));
            if (lease != null) {
                replace(lease);
            }
            current.put(state.getName(), opened);
            lease = opened;
            LOG.atInfo().addKeyValue("provider", state.getName()).log("provider opened");
        }
        lease.inFlight++;
        return lease;
    }

    @Override
    public synchronized void close() {
        current.values().forEach(lease -> lease.provider.close());
        current.clear();
    }

    private static void replace(Lease lease) {
        lease.replaced = true;
        if (lease.inFlight == 0) {
            lease.provider.close();
        }
    }

    private static int limit(ProviderState state) {
        Long concurrency = state.getConcurrency();
        return concurrency == null ? DEFAULT_CONCURRENCY : Math.toIntExact(concurrency);
    }
}
