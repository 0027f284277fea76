package io.millrace.ingress.batch;

import io.millrace.ingress.http.UnavailableException;
import io.millrace.ingress.submission.LogWriter;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.Bound;
import io.millrace.servicekit.kafka.KafkaClients;
import io.millrace.servicekit.kafka.ReadToEnd;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The topic {@code results}, of which each reading has a consumer of its own: few at a time. */
final class KafkaEndedLog implements EndedLog {

    private static final int READERS = 8;

    // clocks of dispatchers and ingresses differ
    private static final Duration SKEW = Duration.ofMinutes(1);

    // numbers of the readers that are free, for the names of their clients
    private final BlockingQueue<Integer> free =
            new ArrayBlockingQueue<>(READERS, true, IntStream.range(0, READERS).boxed().toList());
    private final KafkaClients kafka;
    private final Codecs codecs;
    private final String process;

    /**
     * @param process name of this start of the process, for the clients' ids
     */
    KafkaEndedLog(KafkaClients kafka, Codecs codecs, String process) {
        this.kafka = kafka;
        this.codecs = codecs;
        this.process = process;
    }

    @Override
    public Reading open(ViewPartition partition) {
        int reader = reader();
        try {
            return new UpToItsEnd(partition, reader);
        } catch (RuntimeException e) {
            free.add(reader);
            throw unavailable(e);
        }
    }

    private int reader() {
        try {
            Integer number = free.poll(LogWriter.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (number == null) {
                throw new UnavailableException(
                        "Too many readers of results at the moment.", Duration.ofSeconds(5));
            }
            return number;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(
                    "Interrupted before reading results.", Duration.ofSeconds(1), e);
        }
    }

    private static RuntimeException unavailable(RuntimeException failure) {
        return failure instanceof KafkaException
                ? new UnavailableException(
                        "Results cannot be read at the moment.", Duration.ofSeconds(1), failure)
                : failure;
    }

    private final class UpToItsEnd implements Reading {

        private final TopicPartition partition;
        private final int reader;
        private final Bound<Consumer<byte[], byte[]>> bound;
        private final Consumer<byte[], byte[]> consumer;
        private final long end;

        UpToItsEnd(ViewPartition view, int reader) {
            this.reader = reader;
            partition = new TopicPartition(Topic.RESULTS.topicName(), view.number());
            bound = kafka.consumer("%s-batch-results-%d".formatted(process, reader), Map.of());
            consumer = bound.client();
            try {
                end = ends();
            } catch (RuntimeException e) {
                bound.close();
                throw e;
            }
        }

        private long ends() {
            return consumer.endOffsets(Set.of(partition), LogWriter.PATIENCE)
                    .getOrDefault(partition, 0L);
        }

        @Override
        public long end() {
            return end;
        }

        @Override
        public long since(Instant time) {
            try {
                Optional<OffsetAndTimestamp> first =
                        Optional.ofNullable(
                                consumer.offsetsForTimes(
                                                Map.of(partition, time.minus(SKEW).toEpochMilli()),
                                                LogWriter.PATIENCE)
                                        .get(partition));
                return first.map(OffsetAndTimestamp::offset).orElse(end);
            } catch (KafkaException e) {
                throw unavailable(e);
            }
        }

        @Override
        public void read(long from, Handler handler) {
            if (from >= end) {
                return;
            }
            ReadToEnd.read(
                    consumer,
                    Map.of(partition, from),
                    Map.of(partition, end),
                    each -> {
                        byte @Nullable [] value = each.value();
                        if (value != null && each.offset() < end) {
                            handler.accept(each.offset(), codecs.results().decode(value));
                        }
                    });
        }

        @Override
        public void close() {
            try {
                bound.close();
            } finally {
                free.add(reader);
            }
        }
    }
}
