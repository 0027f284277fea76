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
 * @param mostWaiting jobs of one source that may wait in memory
 * @param mostBytes what they may take there
 */
record Backpressure(int mostWaiting, long mostBytes) {

    Backpressure {
        if (mostWaiting < 2) {
            throw new IllegalArgumentException(
                    "mostWaiting must be 2 or more, but was " + mostWaiting);
        }
    }

    void apply(
            Consumer<byte[], byte[]> consumer, Function<TopicPartition, Optional<Source>> sources) {
        Set<TopicPartition> paused = consumer.paused();
        Set<TopicPartition> pause = new HashSet<>();
        Set<TopicPartition> resume = new HashSet<>();
        for (TopicPartition partition : consumer.assignment()) {
            Backlog waiting = sources.apply(partition).map(Source::waiting).orElse(Backlog.NONE);
            if (paused.contains(partition)) {
                if (waiting.jobs() <= mostWaiting / 2 && waiting.bytes() <= mostBytes / 2) {
                    resume.add(partition);
                }
            } else if (waiting.jobs() >= mostWaiting || waiting.bytes() >= mostBytes) {
                pause.add(partition);
            }
        }
        if (!pause.isEmpty()) {
            consumer.pause(pause);
        }
        if (!resume.isEmpty()) {
            consumer.resume(resume);
        }
    }
}
