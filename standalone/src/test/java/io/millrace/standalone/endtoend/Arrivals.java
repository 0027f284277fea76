package io.millrace.standalone.endtoend;

import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.id.Slots;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * When each job's result could first be read, by a reader of what is committed that runs all the
 * time: what a client sees of takeovers and stalls.
 */
final class Arrivals implements AutoCloseable {

    /**
     * A result that arrived.
     *
     * @param slot where its tenant lives
     * @param accepted when its job was accepted
     * @param at when it could be read
     */
    record Arrival(String model, int slot, Instant accepted, Instant at) {

        /** How long the job took, from its acceptance until its result could be read. */
        Duration took() {
            return Duration.between(accepted, at);
        }
    }

    private final Map<String, Arrival> seen = new ConcurrentHashMap<>();
    private final Slots slots = new Slots(Cluster.SLOTS);
    private final Thread thread;
    private volatile boolean ended;

    Arrivals(Topics topics) {
        this.thread =
                Thread.ofPlatform()
                        .daemon()
                        .name("arrivals")
                        .start(() -> topics.follow(this::arrived, () -> ended));
    }

    private void arrived(InferenceResult result) {
        seen.putIfAbsent(
                result.getJobId(),
                new Arrival(
                        result.getModel(),
                        slots.of(result.getTenant()),
                        result.getAcceptedAt(),
                        Instant.now()));
    }

    boolean haveAll(Collection<String> jobs) {
        return seen.keySet().containsAll(jobs);
    }

    Collection<Arrival> all() {
        return seen.values();
    }

    /**
     * Returns how long a slot was without a result after a moment: from then, or from the first job
     * that came in later, until the next result. Empty when no job came in within the second after
     * that moment, or no result since.
     */
    Optional<Duration> silence(int slot, Instant since) {
        Optional<Instant> next = after(slot, since).map(Arrival::at).min(Comparator.naturalOrder());
        Optional<Instant> first =
                after(slot, since).map(Arrival::accepted).min(Comparator.naturalOrder());
        return next.flatMap(at ->
                first.filter(accepted -> accepted.isBefore(since.plusSeconds(1)))
                        .map(accepted -> accepted.isAfter(since) ? accepted : since)
                        .map(waiting -> Duration.between(waiting, at))
                        .filter(Duration::isPositive));
    }

    private Stream<Arrival> after(int slot, Instant since) {
        return seen.values().stream()
                .filter(arrival -> arrival.slot() == slot && arrival.at().isAfter(since));
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join(Duration.ofSeconds(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
