package io.millrace.dispatcher.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.millrace.dispatcher.Samples;
import io.millrace.schemas.serde.Codecs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.LoggerFactory;

/** Runs worlds, one a seed, as many at a time as there are processors. */
final class Seeds {

    /** A broken promise, and the seed that shows it. */
    private record Broken(long seed, String told) {}

    private final Codecs codecs = Samples.codecs();

    /** Returns the steps to the first broken promise of those seeds, and how to replay them. */
    Optional<String> firstBroken(long first, int count, Bug bug) {
        AtomicLong next = new AtomicLong(first);
        AtomicReference<Optional<Broken>> found = new AtomicReference<>(Optional.empty());
        long end = first + count;
        onVirtualThreads(() -> {
            for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
                run(seed, bug)
                        .ifPresent(broken -> {
                            next.set(end);
                            found.accumulateAndGet(Optional.of(broken), Seeds::earlier);
                        });
            }
        });
        return found.get().map(Broken::told);
    }

    /** Returns a number that stands for all steps of a seed. */
    long fingerprint(long seed) {
        World world = new World(codecs, seed, Bug.NONE);
        AtomicLong fingerprint = new AtomicLong();
        onVirtualThreads(
                1,
                () -> {
                    world.run();
                    fingerprint.set(world.kernel().fingerprint());
                });
        return fingerprint.get();
    }

    private Optional<Broken> run(long seed, Bug bug) {
        World world = new World(codecs, seed, bug);
        try {
            world.run();
            return Optional.empty();
        } catch (RuntimeException | AssertionError e) {
            String told =
                    "seed %d: %s%n%s%n%s"
                            .formatted(seed, e, world.kernel().lastSteps(), replay(seed));
            return Optional.of(new Broken(seed, told));
        }
    }

    private static String replay(long seed) {
        return "mvn -pl dispatcher -am test -Dtest=PromiseSimulationTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dsimulation.seeds=1 -Dsimulation.seed="
                + seed;
    }

    private static Optional<Broken> earlier(Optional<Broken> one, Optional<Broken> other) {
        return one.isPresent() && one.get().seed() < other.orElseThrow().seed() ? one : other;
    }

    private static void onVirtualThreads(Runnable work) {
        onVirtualThreads(Runtime.getRuntime().availableProcessors(), work);
    }

    // handing the baton on costs little among virtual threads only
    private static void onVirtualThreads(int threads, Runnable work) {
        Logger log = (Logger) LoggerFactory.getLogger("io.millrace.dispatcher");
        Level before = log.getLevel();
        log.setLevel(Level.OFF); // of faults, of which there are many thousands
        try {
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(
                        CompletableFuture.runAsync(work, each -> Thread.ofVirtual().start(each)));
            }
            running.forEach(CompletableFuture::join);
        } finally {
            log.setLevel(before);
        }
    }
}
