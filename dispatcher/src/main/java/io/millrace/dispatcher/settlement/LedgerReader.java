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
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads the state of slots back from {@code slot-ledger} and {@code attempts}, to their ends and
 * after every transaction in them is over.
 *
 * <p>An entry that cannot be decoded ends the reading with {@link
 * io.millrace.schemas.serde.UndecodableException}: no state means no work.
 */
public final class LedgerReader implements SlotStates {

    private final KafkaClients kafka;
    private final Admin admin;
    private final Codecs codecs;
    private final String process;

    /** Reads with consumers of that process's name. */
    public LedgerReader(KafkaClients kafka, Admin admin, Codecs codecs, String process) {
        this.kafka = kafka;
        this.admin = admin;
        this.codecs = codecs;
        this.process = process;
    }

    @Override
    public List<SlotState> read(Collection<Integer> slots) {
        try (Bound<Consumer<byte[], byte[]>> consumer =
                kafka.consumer(process + "-ledger", Map.of())) {
            Map<Integer, SlotHistory> found = readLedger(consumer.client(), slots);
            readAttempts(consumer.client(), found);
            return found.values().stream().map(SlotHistory::state).toList();
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
