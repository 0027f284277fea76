package io.millrace.dispatcher.execution;

import io.millrace.schemas.avro.Tier;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Jobs that wait for a target with room: by tier, and within one in turn by tenant and model.
 *
 * <p>Intake bounds how many wait. Not thread-safe: {@link Starting} locks.
 */
final class ReadyJobs {

    private static final List<Tier> ORDER =
            List.of(Tier.PRIORITY, Tier.DEFAULT, Tier.FLEX, Tier.BATCH);

    private record Turn(String tenant, String model) {}

    private final Map<Tier, Map<Turn, Deque<Job>>> queues = new EnumMap<>(Tier.class);

    ReadyJobs() {
        ORDER.forEach(tier -> queues.put(tier, new LinkedHashMap<>()));
    }

    void add(Job job) {
        queue(job).addLast(job);
    }

    /**
     * Takes the next job that can start, and what it starts with.
     *
     * @param start returns what the first job of a queue can start with, if it can
     */
    <S> Optional<Map.Entry<Job, S>> next(Function<Job, Optional<S>> start) {
        for (Tier tier : ORDER) {
            Map<Turn, Deque<Job>> turns = queues.getOrDefault(tier, Map.of());
            for (Iterator<Map.Entry<Turn, Deque<Job>>> i = turns.entrySet().iterator();
                    i.hasNext(); ) {
                Map.Entry<Turn, Deque<Job>> turn = i.next();
                Job first = turn.getValue().getFirst();
                Optional<S> started = start.apply(first);
                if (started.isPresent()) {
                    turn.getValue().removeFirst();
                    i.remove();
                    if (!turn.getValue().isEmpty()) {
                        turns.put(turn.getKey(), turn.getValue()); // to the end: others first
                    }
                    return Optional.of(Map.entry(first, started.get()));
                }
            }
        }
        return Optional.empty();
    }

    private Deque<Job> queue(Job job) {
        Turn turn = new Turn(job.submit().getTenant(), job.submit().getModel());
        return queues.computeIfAbsent(job.tier(), _ -> new LinkedHashMap<>())
                .computeIfAbsent(turn, _ -> new ArrayDeque<>());
    }
}
