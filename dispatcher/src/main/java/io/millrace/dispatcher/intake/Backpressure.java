package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.settlement.Backlog;
import io.millrace.dispatcher.settlement.Source;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Pauses a source when too many of its jobs wait to start, and resumes it when half of them have:
 * what waits beyond that waits in the log, at no cost.
 *
 * @param most what may wait of a source in memory
 */
record Backpressure(Function<TopicPartition, Backlog> most) {

    /** Returns what it resumed. */
    Set<TopicPartition> apply(
            Consumer<byte[], byte[]> consumer, Function<TopicPartition, Optional<Source>> sources) {
        Set<TopicPartition> paused = consumer.paused();
        Set<TopicPartition> pause = new HashSet<>();
        Set<TopicPartition> resume = new HashSet<>();
        for (TopicPartition partition : consumer.assignment()) {
            Backlog waiting = sources.apply(partition).map(Source::waiting).orElse(Backlog.NONE);
            Backlog bound = most.apply(partition);
            if (paused.contains(partition)) {
                if (waiting.jobs() <= bound.jobs() / 2 && waiting.bytes() <= bound.bytes() / 2) {
                    resume.add(partition);
                }
            } else if (waiting.jobs() >= bound.jobs() || waiting.bytes() >= bound.bytes()) {
                pause.add(partition);
            }
        }
        if (!pause.isEmpty()) {
            consumer.pause(pause);
        }
        if (!resume.isEmpty()) {
            consumer.resume(resume);
        }
        return resume;
    }
}
