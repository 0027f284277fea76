package io.millrace.dispatcher.settlement;

import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.Bound;
import io.millrace.servicekit.kafka.KafkaClients;
import io.millrace.servicekit.kafka.ReadToEnd;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the state of slots back from {@code slot-ledger} and {@code attempts}, to their ends and
 * after every transaction in them is over.
 *
 * <p>An entry that cannot be decoded ends the reading with {@link
 * io.millrace.schemas.serde.UndecodableException}, a ledger that has lost what the group committed
 * with it, with an {@link IllegalStateException}: no state means no work.
 */
public final class LedgerReader implements SlotStates {

    private final KafkaClients kafka;
    private final Admin admin;
    private final Codecs codecs;
    private final String group;
    private final String process;

    /**
     * Reads with consumers of that process's name.
     *
     * @param group whose offsets are committed together with the ledger
     */
    public LedgerReader(
            KafkaClients kafka, Admin admin, Codecs codecs, String group, String process) {
        this.kafka = kafka;
        this.admin = admin;
        this.codecs = codecs;
        this.group = group;
        this.process = process;
    }

    @Override
    public List<SlotState> read(Collection<Integer> slots) {
        // before the ledger, which may only have more by then
        Map<TopicPartition, OffsetAndMetadata> committed = committed(slots);
        try (Bound<Consumer<byte[], byte[]>> consumer =
                kafka.consumer(process + "-ledger", Map.of())) {
            Map<Integer, SlotHistory> found = readLedger(consumer.client(), slots);
            committed.forEach(
                    (requests, at) -> of(found, requests.partition()).requireSettled(at.offset()));
            readAttempts(consumer.client(), found);
            return found.values().stream().map(SlotHistory::state).toList();
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(Collection<Integer> slots) {
        List<TopicPartition> requests =
                slots.stream()
                        .map(slot -> new TopicPartition(Topic.REQUESTS.topicName(), slot))
                        .toList();
        try {
            Map<TopicPartition, OffsetAndMetadata> known =
                    new HashMap<>(
                            admin.listConsumerGroupOffsets(
                                            Map.of(
                                                    group,
                                                    new ListConsumerGroupOffsetsSpec()
                                                            .topicPartitions(requests)),
                                            new ListConsumerGroupOffsetsOptions()
                                                    .requireStable(true))
                                    .partitionsToOffsetAndMetadata(group)
                                    .get());
            known.values().removeIf(Objects::isNull);
            return known;
        } catch (ExecutionException e) {
            throw new KafkaException("the group's offsets cannot be read", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while reading the group's offsets", e);
        }
    }

    private Map<Integer, SlotHistory> readLedger(
            Consumer<byte[], byte[]> consumer, Collection<Integer> slots) {
        Map<Integer, SlotHistory> found = new HashMap<>();
        Map<TopicPartition, Long> beginnings = new HashMap<>();
        for (int slot : slots) {
            found.put(slot, new SlotHistory(slot));
            beginnings.put(new TopicPartition(Topic.SLOT_LEDGER.topicName(), slot), 0L);
        }
        Map<TopicPartition, Long> ends = ReadToEnd.settledEnds(admin, beginnings.keySet());
        Map<TopicPartition, Map<String, byte[]>> latest = new HashMap<>();
        ReadToEnd.read(
                consumer,
                beginnings,
                ends,
                each -> {
                    Map<String, byte[]> entries =
                            latest.computeIfAbsent(
                                    new TopicPartition(each.topic(), each.partition()),
                                    _ -> new HashMap<>());
                    String key = new String(each.key(), StandardCharsets.UTF_8);
                    byte @Nullable [] value = each.value();
                    if (value == null) {
                        entries.remove(key);
                    } else {
                        entries.put(key, value);
                    }
                });
        latest.forEach((partition, entries) ->
                entries.forEach((key, value) ->
                        of(found, partition.partition())
                                .add(key, codecs.slotLedger().decode(value))));
        return found;
    }

    private void readAttempts(Consumer<byte[], byte[]> consumer, Map<Integer, SlotHistory> found) {
        Map<TopicPartition, Long> beginnings = new HashMap<>();
        found.forEach((slot, state) ->
                beginnings.put(
                        new TopicPartition(Topic.ATTEMPTS.topicName(), slot),
                        state.attemptsFrom()));
        Map<TopicPartition, Long> ends = ReadToEnd.settledEnds(admin, beginnings.keySet());
        ends.forEach((partition, end) -> of(found, partition.partition()).attemptsEndAt(end));
        ReadToEnd.read(
                consumer,
                beginnings,
                ends,
                each ->
                        of(found, each.partition())
                                .add(each.offset(), codecs.attempts().decode(each.value())));
    }

    private static SlotHistory of(Map<Integer, SlotHistory> found, int slot) {
        return Optional.ofNullable(found.get(slot)).orElseThrow();
    }
}
