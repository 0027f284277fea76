package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.quota.WaitReason;
import io.millrace.schemas.avro.Tier;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Optional;

/** Jobs that differ in nothing which decides on their start, in the order they came. */
final class Line {

    /** The least served tenant first, and among its lines the one that waits longest for a turn. */
    static final Comparator<Line> ORDER =
            Comparator.<Line>comparingDouble(line -> line.share.counter())
                    .thenComparingLong(line -> line.turn)
                    .thenComparingLong(line -> line.number);

    /** The line that may be asked again first, first. */
    static final Comparator<Line> BY_ALARM =
            Comparator.comparing(Line::alarm).thenComparingLong(line -> line.number);

    /**
     * What the jobs of a line have in common.
     *
     * @param synchronous whether clients' connections wait for them: they are told of a limit at
     *     once, and so must not stand behind others that wait for it
     */
    record Key(String tenant, Tier tier, String model, String apiKey, boolean synchronous) {

        static Key of(Job job) {
            return new Key(
                    job.submit().getTenant(),
                    job.tier(),
                    job.submit().getModel(),
                    job.submit().getKeyId(),
                    job.submit().getSynchronous());
        }
    }

    /** Until when a line may not start anything, and why. */
    record Parking(Instant until, WaitReason reason) {}

    private final Key key;
    private final Share share;
    private final long number;
    private final Deque<Waiting> jobs = new ArrayDeque<>();
    private long turn;
    private Optional<Parking> parking = Optional.empty();

    Line(Key key, Share share, long number) {
        this.key = key;
        this.share = share;
        this.number = number;
    }

    Key key() {
        return key;
    }

    Share share() {
        return share;
    }

    Deque<Waiting> jobs() {
        return jobs;
    }

    Optional<Parking> parking() {
        return parking;
    }

    /** Returns when it may be asked again. */
    Instant alarm() {
        return parking.map(Parking::until).orElse(Instant.MAX);
    }

    void park(Parking at) {
        parking = Optional.of(at);
    }

    void unpark() {
        parking = Optional.empty();
    }

    /** Takes its place behind the other lines of its tenant. */
    void served(long now) {
        turn = now;
    }
}
