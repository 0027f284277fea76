package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Provider;
import io.millrace.dispatcher.provider.ProviderCall;
import io.millrace.dispatcher.quota.Call;
import io.millrace.dispatcher.quota.Decision;
import io.millrace.dispatcher.quota.Use;
import io.millrace.dispatcher.routing.Catalogue;
import io.millrace.dispatcher.routing.ProviderShare;
import io.millrace.dispatcher.routing.Route;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.schemas.avro.AttemptsRecord;
import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.avro.Handoff;
import io.millrace.schemas.avro.TenantState;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.blob.DirectoryBlobStore;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.money.Tokens;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The real execution with everything around it in the simulation's hand. */
public final class ExecutionSeam {

    /** Tokens that every call may use: so many in, and so many out. */
    public static final long MOST_TOKENS = 10;

    private static final int MAX_ATTEMPTS = 5;
    private static final long RESPONSE_TIMEOUT_MS = 6_000;

    private ExecutionSeam() {}

    /** What of this room a test may break on purpose. */
    public enum Plant {
        NONE,
        NO_LOOK_AFTER_THE_ACK,
        REFUND_TWICE,
        ONE_RESERVATION_FOR_ALL_ATTEMPTS
    }

    /** Where work goes on, and how it waits. */
    public interface Pace {

        /** Starts work that may block. */
        void run(String name, Runnable work);

        /** Does work after a wait. */
        void after(Duration wait, Runnable work);

        /** Does work again and again. */
        void every(Duration pause, Runnable work);

        /** Blocks. */
        void pause(Duration wait);
    }

    /** The topics that execution writes to. */
    public interface Log {

        /** Journals; returns the offset. */
        long journal(int slot, AttemptsRecord entry);

        /** Hands over. */
        void handOver(int slot, Handoff entry);
    }

    /** Returns an execution for those tenants that nothing is given to. */
    public static Execution idle(List<TenantState> tenants, InstantSource clock) {
        Catalogue catalogue = catalogue(tenants);
        return execution(
                () -> catalogue,
                _ -> Stage.OK,
                new Log() {
                    @Override
                    public long journal(int slot, AttemptsRecord entry) {
                        return 0;
                    }

                    @Override
                    public void handOver(int slot, Handoff entry) {}
                },
                _ -> {},
                new AtOnce(),
                clock,
                RandomGenerator.getDefault(),
                "process",
                Plant.NONE);
    }

    /** Returns adoptions that tell how the wait for each attempt ended: told, or why given up. */
    public static Adoptions adoptions(Consumer<String> ends) {
        return new Adoptions(
                (_, _, found) ->
                        ends.accept(
                                switch (found) {
                                    case Adoptions.Found.Told _ -> "told";
                                    case Adoptions.Found.GivenUp(String reason) -> reason;
                                }),
                background(new AtOnce()));
    }

    /** Takes the job whose record was read. */
    public static boolean take(Adoptions adoptions, Job job) {
        return adoptions.take(job);
    }

    private record AtOnce() implements Pace {

        @Override
        public void run(String name, Runnable work) {
            work.run();
        }

        @Override
        public void after(Duration wait, Runnable work) {}

        @Override
        public void every(Duration pause, Runnable work) {}

        @Override
        public void pause(Duration wait) {}
    }

    /** Makes an execution. */
    public static Execution execution(
            Supplier<Catalogue> catalogue,
            Function<ProviderCall, Outcome> provider,
            Log log,
            Consumer<Settlement> settlements,
            Pace pace,
            InstantSource clock,
            RandomGenerator random,
            String process,
            Plant plant) {
        ClaimCheck claimCheck = new ClaimCheck(new DirectoryBlobStore(Path.of("no-such-blobs")));
        Journal journal = new Journal((slot, _, entry) -> log.journal(slot, entry), process);
        Allowance allowance = allowance(catalogue, plant);
        Background background = background(pace);
        TokenBounds bounds = new TokenBounds(new Tokens(MOST_TOKENS), new Tokens(MOST_TOKENS));
        return new Execution(
                catalogue,
                new ProviderPool(_ -> new Played(provider), ProviderShare.WHOLE),
                new Attempts(journal, claimCheck, (_, _) -> bounds, Stage.METERS, clock) {
                    @Override
                    boolean mayStart(Job job) {
                        return plant == Plant.NO_LOOK_AFTER_THE_ACK || super.mayStart(job);
                    }
                },
                new Settling(
                        new Endings(claimCheck),
                        journal,
                        claimCheck,
                        each -> settlements.accept(allowance.charged(each))),
                new HandingOver(log::handOver, claimCheck, Stage.METERS, background),
                Stage.METERS,
                new Judge(MAX_ATTEMPTS),
                allowance,
                background,
                clock,
                random,
                1_000);
    }

    /** Returns what control says: one model, one provider, the tenants. */
    public static Catalogue catalogue(List<TenantState> tenants) {
        Map<String, ControlRecord> control = new HashMap<>();
        control.put("model/m", Jobs.control().setModel(Jobs.model("m", "p").build()).build());
        control.put(
                "provider/p",
                Jobs.control()
                        .setProvider(
                                Jobs.provider("p")
                                        .setResponseTimeoutMs(RESPONSE_TIMEOUT_MS)
                                        .build())
                        .build());
        tenants.forEach(each ->
                control.put("tenant/" + each.getName(), Jobs.control().setTenant(each).build()));
        return Catalogue.of(control);
    }

    private static Allowance allowance(Supplier<Catalogue> catalogue, Plant plant) {
        return new Allowance(catalogue) {

            private final List<Job> granted = new ArrayList<>();

            @Override
            synchronized Decision reserve(Job job, Route route, TokenBounds bounds, Instant now) {
                if (plant == Plant.ONE_RESERVATION_FOR_ALL_ATTEMPTS
                        && job.progress().attempts() > 0) {
                    return new Decision.Granted();
                }
                Decision decision = super.reserve(job, route, bounds, now);
                if (decision instanceof Decision.Granted) {
                    granted.add(job);
                }
                return decision;
            }

            @Override
            synchronized void ended(OwnedSlot slot, TenantId tenant, Call call, Use use) {
                super.ended(slot, tenant, call, use);
                if (plant == Plant.REFUND_TWICE) {
                    for (Job other : granted) {
                        if (other.slot() == slot && other.tenant().equals(tenant)) {
                            Call its = new Call(other.id(), other.progress().attempts() + 1);
                            super.ended(slot, tenant, its, new Use.NotCalled());
                        }
                    }
                }
            }
        };
    }

    private static Background background(Pace pace) {
        return new Background() {
            @Override
            public void run(String name, Runnable work) {
                pace.run(name, work);
            }

            @Override
            public void after(Duration wait, Runnable work) {
                pace.after(wait, work);
            }

            @Override
            public void every(Duration pause, Runnable work) {
                pace.every(pause, work);
            }

            @Override
            public void pause(Duration wait) {
                pace.pause(wait);
            }

            @Override
            public void close() {}
        };
    }

    private record Played(Function<ProviderCall, Outcome> script) implements Provider {

        @Override
        public Outcome call(ProviderCall call) {
            return script.apply(call);
        }

        @Override
        public void close() {}
    }
}
