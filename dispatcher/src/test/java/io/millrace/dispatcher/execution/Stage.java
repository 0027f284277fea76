package io.millrace.dispatcher.execution;

import static io.millrace.dispatcher.Samples.NOON;

import io.millrace.dispatcher.Samples;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Provider;
import io.millrace.dispatcher.provider.ProviderCall;
import io.millrace.dispatcher.routing.Catalogue;
import io.millrace.dispatcher.routing.ProviderShare;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.dispatcher.settlement.SlotState;
import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.avro.Handoff;
import io.millrace.schemas.avro.ModelState;
import io.millrace.schemas.avro.ProviderState;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.blob.DirectoryBlobStore;
import io.millrace.schemas.money.Usage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An execution with everything around it played: providers, journal, settlement, time. */
final class Stage implements AutoCloseable {

    static final int MAX_ATTEMPTS = 4;
    static final Outcome OK =
            new Outcome.Completed(200, "{}".getBytes(StandardCharsets.UTF_8), Usage.of(1_000, 0));

    static final ExecutionMeters METERS =
            new ExecutionMeters() {
                @Override
                public void called(String provider, Outcome outcome, Duration took) {}

                @Override
                public void handedOver(String outcome) {}

                @Override
                public void adopted(String how) {}
            };

    final FakeLog log = new FakeLog();
    final BlockingQueue<Handoff> handoffs = new LinkedBlockingQueue<>();
    final Ownership ownership = new Ownership();
    final List<ProviderCall> calls = new CopyOnWriteArrayList<>();
    final BlockingQueue<Settlement> settled = new LinkedBlockingQueue<>();
    final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    final Map<String, ControlRecord> control = new ConcurrentHashMap<>();
    final Execution execution;
    private final SlotState state;
    private Map<String, ControlRecord> known = Map.of();
    private Catalogue catalogue = Catalogue.EMPTY;

    Stage(int mostInFlight, Function<ProviderCall, Outcome> script) {
        this(mostInFlight, script, Samples.state());
    }

    Stage(int mostInFlight, Function<ProviderCall, Outcome> script, SlotState state) {
        this.state = state;
        model(Jobs.model("m", "p").build());
        provider(Jobs.provider("p").build());
        ClaimCheck claimCheck = new ClaimCheck(new DirectoryBlobStore(Path.of("no-such-blobs")));
        Journal journal = new Journal(log, "process");
        Background background = Background.threads();
        Allowance allowance = new Allowance(this::catalogue);
        this.execution =
                new Execution(
                        this::catalogue,
                        new ProviderPool(_ -> new Scripted(script), ProviderShare.WHOLE),
                        new Attempts(journal, claimCheck, new BodyEstimate(), METERS, now::get),
                        new Settling(
                                new Endings(claimCheck),
                                journal,
                                claimCheck,
                                each -> settled.add(allowance.charged(each))),
                        new HandingOver(
                                (_, told) -> handoffs.add(told), claimCheck, METERS, background),
                        METERS,
                        new Judge(MAX_ATTEMPTS),
                        allowance,
                        background,
                        now::get,
                        new Random(7),
                        mostInFlight);
        take();
    }

    /** Takes the slot over, once more after it was lost. */
    void take() {
        take(state);
    }

    void take(SlotState found) {
        var _ = ownership.own(found, execution.adoptions()::expect);
    }

    Handoff nextHandoff() {
        try {
            Handoff handoff = handoffs.poll(20, TimeUnit.SECONDS);
            if (handoff == null) {
                throw new AssertionError("nothing was handed over");
            }
            return handoff;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** What control says; the same object for as long as it says the same. */
    private synchronized Catalogue catalogue() {
        Map<String, ControlRecord> said = Map.copyOf(control);
        if (!said.equals(known)) {
            known = said;
            catalogue = Catalogue.of(said);
        }
        return catalogue;
    }

    void model(ModelState state) {
        control.put("model/" + state.getName(), Jobs.control().setModel(state).build());
    }

    void provider(ProviderState state) {
        control.put("provider/" + state.getName(), Jobs.control().setProvider(state).build());
    }

    Job job(int number) {
        return Jobs.job(ownership.slot(Samples.HOME).orElseThrow(), number);
    }

    void accept(int number) {
        execution.accept(job(number));
    }

    Settlement next() {
        Settlement settlement = poll(Duration.ofSeconds(20));
        if (settlement == null) {
            throw new AssertionError("nothing was settled");
        }
        return settlement;
    }

    /** Returns after no call runs any more. */
    void awaitIdle() {
        await(() -> execution.inFlight() == 0);
    }

    static void await(java.util.function.BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("it did not come to be");
            }
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    Optional<Settlement> further() {
        return Optional.ofNullable(poll(Duration.ZERO));
    }

    private @Nullable Settlement poll(Duration wait) {
        try {
            return settled.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        execution.close();
    }

    private final class Scripted implements Provider {

        private final Function<ProviderCall, Outcome> script;

        Scripted(Function<ProviderCall, Outcome> script) {
            this.script = script;
        }

        @Override
        public Outcome call(ProviderCall call) {
            calls.add(call);
            return script.apply(call);
        }

        @Override
        public void close() {}
    }
}
