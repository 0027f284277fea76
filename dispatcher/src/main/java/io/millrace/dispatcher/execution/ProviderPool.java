package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Provider;
import io.millrace.dispatcher.provider.Remaining;
import io.millrace.dispatcher.routing.Capacity;
import io.millrace.dispatcher.routing.Load;
import io.millrace.dispatcher.routing.Need;
import io.millrace.dispatcher.routing.ProviderLimits;
import io.millrace.dispatcher.routing.ProviderShare;
import io.millrace.dispatcher.routing.Signal;
import io.millrace.dispatcher.routing.Target;
import io.millrace.dispatcher.routing.TargetController;
import io.millrace.schemas.avro.ProviderState;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The providers that are open, and what each of their targets can take. Thread-safe.
 *
 * <p>A provider whose state changes is opened anew; the old one is closed when its last call ends.
 * What was learnt of it stays.
 */
final class ProviderPool implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ProviderPool.class);

    private final Function<ProviderState, Provider> opening;
    private final ProviderShare share;
    private final Capacity capacity = new Capacity();
    private final Map<String, Opened> current = new HashMap<>();
    private final Map<Target, TargetController.State> logged = new HashMap<>();

    ProviderPool(Function<ProviderState, Provider> opening, ProviderShare share) {
        this.opening = opening;
        this.share = share;
    }

    /** A provider in one state. */
    private static final class Opened {

        private final ProviderState state;
        private final Provider provider;
        private int inFlight;
        private boolean replaced;

        private Opened(ProviderState state, Provider provider) {
            this.state = state;
            this.provider = provider;
        }
    }

    /** The hold that one call has on a provider. */
    final class Lease {

        private final Opened opened;
        private final Capacity.Running running;
        private final Instant since;
        private boolean released;

        private Lease(Opened opened, Capacity.Running running, Instant since) {
            this.opened = opened;
            this.running = running;
            this.since = since;
        }

        Provider provider() {
            return opened.provider;
        }

        ProviderState state() {
            return opened.state;
        }

        /** Takes note of what the call came to. */
        void ended(Outcome outcome, Instant now) {
            synchronized (ProviderPool.this) {
                Signal signal = Signals.of(outcome);
                capacity.end(running, signal, Signals.used(outcome), Signals.output(outcome), now);
                opened.provider.remaining().ifPresent(left -> tell(opened, left, now));
                logChanges(now);
            }
        }

        /** Ends the hold; a call that was not made leaves no trace. */
        void release() {
            synchronized (ProviderPool.this) {
                if (released) {
                    return;
                }
                released = true;
                capacity.drop(running, since);
                opened.inFlight--;
                if (opened.replaced && opened.inFlight == 0) {
                    opened.provider.close();
                }
            }
        }
    }

    /** Returns how loaded a target is, for a call that needs so much. */
    synchronized Load load(
            Target target, Optional<ProviderState> state, Supplier<Need> need, Instant now) {
        return state.isEmpty() ? Load.OUT : capacity.load(target, limits(state.get()), need, now);
    }

    /** Returns whether a call that was made before may be made again there. */
    synchronized boolean mayRetry(Target target, ProviderState state) {
        return capacity.mayRetry(target, limits(state));
    }

    /** Takes hold of a target for one call, opening its provider if it is not in that state. */
    synchronized Lease acquire(
            Target target, ProviderState state, Need need, boolean retry, Instant now) {
        Opened opened = current.get(state.getName());
        if (opened == null || !opened.state.equals(state)) {
            Opened anew = new Opened(state, opening.apply(state));
            if (opened != null) {
                replace(opened);
            }
            current.put(state.getName(), anew);
            opened = anew;
            LOG.atInfo().addKeyValue("provider", state.getName()).log("provider opened");
        }
        opened.inFlight++;
        Capacity.Running running = capacity.start(target, limits(state), need, retry, now);
        return new Lease(opened, running, now);
    }

    /** Closes what control does not name any more. */
    synchronized void retain(Set<String> providers) {
        capacity.retain(providers);
        logged.keySet().removeIf(target -> !providers.contains(target.provider()));
        current.entrySet()
                .removeIf(entry -> {
                    boolean gone = !providers.contains(entry.getKey());
                    if (gone) {
                        replace(entry.getValue());
                    }
                    return gone;
                });
    }

    /** Returns how all targets stand. */
    synchronized List<Capacity.Standing> standings(Instant now) {
        return capacity.standings(now);
    }

    @Override
    public synchronized void close() {
        current.values().forEach(opened -> opened.provider.close());
        current.clear();
    }

    private void tell(Opened opened, Remaining left, Instant now) {
        String name = opened.state.getName();
        left.requests()
                .ifPresent(some -> capacity.tellRequests(name, some, left.requestsUntil(), now));
        left.tokens().ifPresent(some -> capacity.tellTokens(name, some, left.tokensUntil(), now));
    }

    private void logChanges(Instant now) {
        for (Capacity.Standing standing : capacity.standings(now)) {
            TargetController.State before =
                    logged.getOrDefault(standing.target(), TargetController.State.OPEN);
            if (before != standing.state()) {
                logged.put(standing.target(), standing.state());
                LOG.atInfo()
                        .addKeyValue("provider", standing.target().provider())
                        .addKeyValue("model", standing.target().model())
                        .addKeyValue("state", standing.state())
                        .addKeyValue("limit", standing.limit())
                        .log("target changed its state");
            }
        }
    }

    private ProviderLimits limits(ProviderState state) {
        return ProviderLimits.of(state, share);
    }

    private static void replace(Opened opened) {
        opened.replaced = true;
        if (opened.inFlight == 0) {
            opened.provider.close();
        }
    }
}
