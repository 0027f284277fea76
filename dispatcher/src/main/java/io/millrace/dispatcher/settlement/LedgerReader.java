package io.millrace.dispatcher.settlement;

import io.millrace.dispatcher.settlement.PriorAttempt.End;
import io.millrace.schemas.avro.AttemptEnded;
import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.avro.AttemptsRecord;
import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.LedgerEntry;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.avro.SpendLedger;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.Bound;
import io.millrace.servicekit.kafka.KafkaClients;
import io.millrace.servicekit.kafka.ReadToEnd;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
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

    private static final List<Topic> RETRIES =
            List.of(Topic.RETRIES_5S, Topic.RETRIES_30S, Topic.RETRIES_5M, Topic.RETRIES_30M);

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
            Map<Integer, Found> found = readLedger(consumer.client(), slots);
            readAttempts(consumer.client(), found);
            return found.values().stream().map(Found::state).toList();
        }
    }

    private Map<Integer, Found> readLedger(
            Consumer<byte[], byte[]> consumer, Collection<Integer> slots) {
        Map<Integer, Found> found = new HashMap<>();
        Map<TopicPartition, Long> beginnings = new HashMap<>();
        for (int slot : slots) {
            found.put(slot, new Found(slot));
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

    private void readAttempts(Consumer<byte[], byte[]> consumer, Map<Integer, Found> found) {
        Map<TopicPartition, Long> beginnings = new HashMap<>();
        found.forEach((slot, state) ->
                beginnings.put(
                        new TopicPartition(Topic.ATTEMPTS.topicName(), slot), state.attemptsFrom));
        Map<TopicPartition, Long> ends = ReadToEnd.settledEnds(admin, beginnings.keySet());
        ends.forEach((partition, end) -> of(found, partition.partition()).attemptsEnd = end);
        ReadToEnd.read(
                consumer,
                beginnings,
                ends,
                each ->
                        of(found, each.partition())
                                .add(each.offset(), codecs.attempts().decode(each.value())));
    }

    private static Found of(Map<Integer, Found> found, int slot) {
        return Optional.ofNullable(found.get(slot)).orElseThrow();
    }

    /** What was found of a slot so far. */
    private static final class Found {

        private final int slot;
        private final Map<TopicPartition, Frontier> frontiers = new HashMap<>();
        private final Map<Spender, SpendLedger> spend = new HashMap<>();
        private final Map<TopicPartition, NavigableMap<Long, List<PriorAttempt>>> prior =
                new HashMap<>();
        private final List<String> lanes = new ArrayList<>();
        private final List<Cancel> cancelled = new ArrayList<>();
        private long attemptsFrom;
        private long attemptsEnd;

        Found(int slot) {
            this.slot = slot;
            frontiers.put(new TopicPartition(Topic.REQUESTS.topicName(), slot), Frontier.at(0));
            for (Topic retry : RETRIES) {
                frontiers.put(new TopicPartition(retry.topicName(), slot), Frontier.at(0));
            }
        }

        void add(String key, LedgerEntry entry) {
            if (entry.getFrontier() != null) {
                TopicPartition partition =
                        new TopicPartition(
                                entry.getFrontier().getTopic(), entry.getFrontier().getPartition());
                frontiers.put(partition, Frontier.from(entry.getFrontier()));
                // true of the whole slot when it was written, and so ever after
                attemptsFrom = Math.max(attemptsFrom, entry.getFrontier().getAttemptsFrom());
            } else if (entry.getLanes() != null) {
                lanes.addAll(entry.getLanes().getLanes());
            } else if (entry.getSpend() != null) {
                spend.put(Spender.fromKey(key), entry.getSpend());
            } else if (entry.getCancelled() != null) {
                cancelled.add(entry.getCancelled());
            } else {
                throw new IllegalStateException(
                        "slot-ledger %d has an entry of a kind unknown to this version: %s"
                                .formatted(slot, key));
            }
        }

        void add(long offset, AttemptsRecord entry) {
            if (entry.getStarted() != null) {
                AttemptStarted started = entry.getStarted();
                if (!isSettled(started.getSource())) {
                    List<PriorAttempt> before = at(started.getSource());
                    // journalled, as its process was not told: it would not have counted it twice
                    before.replaceAll(each ->
                            isSame(each.started(), started) ? ended(each, End.NOT_MADE) : each);
                    before.add(new PriorAttempt(started, offset, End.OPEN));
                }
            } else if (entry.getEnded() != null) {
                AttemptEnded ended = entry.getEnded();
                if (isSettled(ended.getSource())) {
                    return;
                }
                at(ended.getSource())
                        .replaceAll(each ->
                                each.started().getAttempt() == ended.getAttempt()
                                        ? ended(each, End.of(ended.getOutcome()))
                                        : each);
            }
        }

        private static boolean isSame(AttemptStarted one, AttemptStarted other) {
            return one.getAttempt() == other.getAttempt()
                    && one.getProcess().equals(other.getProcess());
        }

        private static PriorAttempt ended(PriorAttempt attempt, End end) {
            return attempt.isOpen()
                    ? new PriorAttempt(attempt.started(), attempt.journalOffset(), end)
                    : attempt;
        }

        SlotState state() {
            for (String lane : lanes) {
                frontiers.putIfAbsent(new TopicPartition(lane, 0), Frontier.at(0));
            }
            cancelled.sort(Comparator.comparing(Cancel::getRequestedAt));
            return new SlotState(slot, frontiers, spend, prior, attemptsEnd, cancelled);
        }

        private List<PriorAttempt> at(SourcePosition position) {
            return prior.computeIfAbsent(partition(position), _ -> new TreeMap<>())
                    .computeIfAbsent(position.getOffset(), _ -> new ArrayList<>());
        }

        private boolean isSettled(SourcePosition position) {
            Frontier frontier = frontiers.get(partition(position));
            return frontier != null && frontier.isSettled(position.getOffset());
        }

        private static TopicPartition partition(SourcePosition position) {
            return new TopicPartition(position.getTopic(), position.getPartition());
        }
    }
}
