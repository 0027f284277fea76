package io.millrace.ingress.jobs;

import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** Answers questions about ids that this process holds, from its own stores. Thread-safe. */
final class LocalView implements KeyView {

    private static final Duration CATCH_UP = Duration.ofSeconds(3);

    /**
     * What was accepted just now is applied in some milliseconds: to wait is cheaper than to ask
     * Kafka for the end, which cost every tenth question 40 ms.
     */
    static final Duration NEWS = Duration.ofMillis(25);

    private static final int MOST_SKIPPED = 10_000;

    private final HeldPartitions held;
    private final Codecs codecs;
    private final PartitionEnd end;
    private final Waiters waiters;
    private final InstantSource clock;
    private final Duration news;

    /**
     * Answers from those stores.
     *
     * @param news how long an id that is not known may take to be applied before Kafka is asked
     */
    LocalView(
            HeldPartitions held,
            Codecs codecs,
            PartitionEnd end,
            Waiters waiters,
            InstantSource clock,
            Duration news) {
        this.held = held;
        this.codecs = codecs;
        this.end = end;
        this.waiters = waiters;
        this.clock = clock;
        this.news = news;
    }

    /** Returns what is in the stores now. */
    Sighting peek(ViewPartition partition, String id) {
        Held mine = held.get(partition);
        try {
            return new Sighting(
                    get(mine.jobs(), id, codecs.jobs()).orElse(null),
                    get(mine.results(), id, codecs.results()).orElse(null));
        } catch (InvalidStateStoreException e) {
            throw new UnavailableException(
                    "This part of the job view is moving.", Duration.ofSeconds(1), e);
        }
    }

    /** Returns what was accepted, as far as the stores are. */
    Optional<JobsRecord> record(ViewPartition partition, String id) {
        return held.find(partition).flatMap(mine -> get(mine.jobs(), id, codecs.jobs()));
    }

    /** Returns the terminal state, as far as the stores are. */
    Optional<InferenceResult> result(ViewPartition partition, String id) {
        return held.find(partition).flatMap(mine -> get(mine.results(), id, codecs.results()));
    }

    /** Returns what is known, having read to the end of the partition before saying nothing. */
    Sighting find(ViewPartition partition, String id) {
        Sighting seen = peekTwice(partition, id);
        if (!seen.empty()) {
            return seen;
        }
        // a line of a batch is known by its result alone
        readToEnd(
                partition,
                id.startsWith("batch_") && id.contains("-") ? Topic.RESULTS : Topic.JOBS);
        return peek(partition, id);
    }

    private void readToEnd(ViewPartition partition, Topic topic) {
        Held mine = held.get(partition);
        long last = end.lastBehind(mine, topic);
        if (!mine.awaitApplied(topic, last, CATCH_UP)) {
            throw new UnavailableException(
                    "The job view is behind its topic.", Duration.ofSeconds(1));
        }
    }

    @Override
    public Optional<JobsRecord> lookUp(ViewPartition partition, String id) {
        Held mine = held.get(partition);
        try {
            return get(mine.jobs(), id, codecs.jobs());
        } catch (InvalidStateStoreException e) {
            throw new UnavailableException(
                    "This part of the job view is moving.", Duration.ofSeconds(1), e);
        }
    }

    @Override
    public void readToEnd(ViewPartition partition) {
        readToEnd(partition, Topic.JOBS);
    }

    private Sighting peekTwice(ViewPartition partition, String id) {
        try (Waiters.Parked parked = waiters.park(id)) {
            Sighting seen = peek(partition, id);
            return seen.empty() && parked.await(news) ? peek(partition, id) : seen;
        }
    }

    /** Returns what is known as soon as there is a terminal state, or after that time. */
    Sighting awaitResult(ViewPartition partition, String id, Duration atMost) {
        java.time.Instant giveUp = clock.instant().plus(atMost);
        while (true) {
            try (Waiters.Parked parked = waiters.park(id)) {
                Sighting seen = peek(partition, id);
                Duration left = Duration.between(clock.instant(), giveUp);
                if (seen.result().isPresent() || left.isNegative() || left.isZero()) {
                    return seen;
                }
                if (!parked.await(left)) {
                    return peek(partition, id);
                }
            }
        }
    }

    /** Returns whether nothing is known of an id any more, as soon as that is so. */
    boolean awaitGone(ViewPartition partition, String id, Duration atMost) {
        java.time.Instant giveUp = clock.instant().plus(atMost);
        while (true) {
            try (Waiters.Parked parked = waiters.park(id)) {
                if (peek(partition, id).empty()) {
                    return true;
                }
                Duration left = Duration.between(clock.instant(), giveUp);
                if (left.isNegative() || left.isZero() || !parked.await(left)) {
                    return peek(partition, id).empty();
                }
            }
        }
    }

    /**
     * Waits for that time, or until this process takes a partition over; returns whether it is of
     * use to wait again.
     */
    boolean awaitMove(String id, Duration atMost) {
        try (Waiters.Parked parked = waiters.park(id)) {
            var _ = parked.await(atMost);
        }
        return !waiters.closed() && !Thread.currentThread().isInterrupted();
    }

    /** Returns entries of a list from the partitions of this process, in order. */
    List<Listed> list(ListQuery query, Optional<String> afterKey) {
        List<Listed> found = new ArrayList<>();
        for (Held mine : held.all()) {
            try {
                found.addAll(list(mine, query, afterKey));
            } catch (InvalidStateStoreException e) {
                throw new UnavailableException(
                        "This part of the job view is moving.", Duration.ofSeconds(1), e);
            }
        }
        return ListOrder.page(found, query);
    }

    private List<Listed> list(Held mine, ListQuery query, Optional<String> afterKey) {
        String prefix = IndexKey.prefix(query.kind(), query.tenant().value());
        String first = query.ascending() ? prefix : afterKey.orElse(prefix);
        String last = query.ascending() ? afterKey.orElse(prefix + "~") : prefix + "~";
        List<Listed> found = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> keys =
                query.ascending()
                        ? mine.index().reverseRange(first, last)
                        : mine.index().range(first, last)) {
            int skipped = 0;
            while (keys.hasNext() && found.size() < query.limit()) {
                String key = keys.next().key;
                Optional<Listed> entry =
                        key.equals(afterKey.orElse(""))
                                ? Optional.empty()
                                : listed(mine, IndexKey.id(key));
                if (entry.filter(listed -> ListOrder.wanted(listed, query)).isPresent()) {
                    found.add(entry.get());
                } else if (++skipped > MOST_SKIPPED) {
                    throw tooManySkipped();
                }
            }
        }
        return found;
    }

    private static ApiException tooManySkipped() {
        return new ApiException(
                ApiError.invalid(
                        "too_many_skipped",
                        "Too few entries match: list them without this filter.",
                        "status"));
    }

    private Optional<Listed> listed(Held mine, String id) {
        return get(mine.jobs(), id, codecs.jobs())
                .flatMap(record ->
                        IndexKey.of(id, record)
                                .map(key ->
                                        new Listed(
                                                id,
                                                key.createdAt(),
                                                record,
                                                new Sighting(
                                                        record,
                                                        get(mine.results(), id, codecs.results())
                                                                .orElse(null)))));
    }

    private static <T extends org.apache.avro.specific.SpecificRecord> Optional<T> get(
            KeyValueStore<String, byte[]> store, String id, AvroCodec<T> codec) {
        return Optional.ofNullable(store.get(id)).map(codec::decode);
    }
}
