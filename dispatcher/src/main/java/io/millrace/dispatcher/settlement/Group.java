package io.millrace.dispatcher.settlement;

import io.millrace.dispatcher.settlement.Settlement.Ending.CancelKnown;
import io.millrace.dispatcher.settlement.Settlement.Ending.LaneKnown;
import io.millrace.dispatcher.settlement.Settlement.Ending.Moved;
import io.millrace.dispatcher.settlement.Settlement.Ending.Poison;
import io.millrace.dispatcher.settlement.Settlement.Ending.Refused;
import io.millrace.dispatcher.settlement.Settlement.Ending.Repeated;
import io.millrace.dispatcher.settlement.Settlement.Ending.Spilled;
import io.millrace.dispatcher.settlement.Settlement.Ending.Terminal;
import io.millrace.schemas.avro.KeyedRecord;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.avro.UsageRecord;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.money.NanoDollars;
import io.millrace.schemas.money.SpendTally;
import io.millrace.schemas.topic.TenantTopics;
import io.millrace.schemas.topic.Topic;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Settlements that share a transaction: what it writes, the offsets it commits, and how memory
 * follows once it is committed. One ledger record a touched source and spender, however many
 * settlements touch it.
 */
final class Group {

    private final List<Settlement> settlements;
    private final Map<OwnedSlot, Map<Source, List<Long>>> offsets = new LinkedHashMap<>();
    private final Map<OwnedSlot, Set<Long>> attempts = new HashMap<>();
    private final Map<OwnedSlot, Map<Spender, SpendTally>> spend = new LinkedHashMap<>();
    private final Set<OwnedSlot> newLanes = new LinkedHashSet<>();
    private final Map<OwnedSlot, Set<String>> forgotten = new LinkedHashMap<>();
    private final Map<OwnedSlot, List<KeyedRecord>> keyed = new LinkedHashMap<>();
    private final Map<OwnedSlot, Set<String>> unkeyed = new LinkedHashMap<>();

    Group(Collection<Settlement> owned) {
        this.settlements = List.copyOf(owned);
        settlements.forEach(this::add);
    }

    List<Settlement> settlements() {
        return settlements;
    }

    List<ProducerRecord<byte[], byte[]>> records(Envelope envelope) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        settlements.forEach(each -> records.addAll(envelope.recordsOf(each)));
        offsets.forEach((slot, sources) -> {
            long from = slot.attemptsFrom(attempts.getOrDefault(slot, Set.of()));
            sources.forEach((source, done) ->
                    records.add(
                            envelope.frontier(
                                    slot.number(),
                                    source.after(done).toEntry(source.partition(), from))));
        });
        spend.forEach((slot, tallies) ->
                tallies.forEach((spender, tally) ->
                        records.add(envelope.spend(slot.number(), spender, tally.toLedger()))));
        newLanes.forEach(slot -> records.add(envelope.lanes(slot)));
        forgotten.forEach(
                (slot, ids) -> ids.forEach(id -> records.add(envelope.forgotten(slot, id))));
        keyed.forEach((slot, keys) -> keys.forEach(key -> records.add(envelope.keyed(slot, key))));
        unkeyed.forEach((slot, ids) -> ids.forEach(id -> records.add(envelope.unkeyed(slot, id))));
        return records;
    }

    /**
     * Returns the group offset of every touched slot, changed or not: the fence of the expelled.
     */
    Map<TopicPartition, OffsetAndMetadata> groupOffsets() {
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        offsets.forEach((slot, sources) -> {
            TopicPartition partition =
                    new TopicPartition(Topic.REQUESTS.topicName(), slot.number());
            slot.source(partition)
                    .ifPresent(source ->
                            committed.put(
                                    partition,
                                    new OffsetAndMetadata(
                                            source.after(sources.getOrDefault(source, List.of()))
                                                    .lowestOpen())));
        });
        return committed;
    }

    /** Lets memory follow the log. */
    void applied() {
        offsets.values().forEach(sources -> sources.forEach(Source::settled));
        attempts.forEach(OwnedSlot::attemptsSettled);
        spend.forEach((slot, tallies) ->
                tallies.forEach((spender, tally) -> slot.spent(spender, tally.toLedger())));
        forgotten.forEach((slot, ids) -> ids.forEach(slot.cancelled()::forget));
        unkeyed.forEach((slot, ids) -> ids.forEach(slot.keyed()::forget));
    }

    private void add(Settlement settlement) {
        OwnedSlot slot = settlement.slot();
        offsets.computeIfAbsent(slot, _ -> new LinkedHashMap<>())
                .computeIfAbsent(settlement.source(), _ -> new ArrayList<>())
                .add(settlement.offset());
        attempts.computeIfAbsent(slot, _ -> new HashSet<>()).addAll(settlement.attempts());
        if (settlement.ending() instanceof Terminal(_, UsageRecord usage, _)) {
            charge(settlement, usage);
        }
        draw(settlement);
        keep(settlement);
        if (settlement.ending() instanceof Terminal(var result, _, _)
                && slot.cancelled().has(result.getJobId())) {
            forget(slot, result.getJobId());
        }
        if (settlement.ending() instanceof CancelKnown) {
            slot.cancelled().beyond().ifPresent(id -> forget(slot, id));
        }
        if (settlement.ending() instanceof LaneKnown || settlement.ending() instanceof Spilled) {
            newLanes.add(slot);
        }
    }

    /** Keeps the idempotency key that a record of an inbox came with, which now has its end. */
    private void keep(Settlement settlement) {
        Source source = settlement.source();
        if (TenantTopics.tenantOfInbox(source.partition().topic()).isEmpty()) {
            return;
        }
        OwnedSlot slot = settlement.slot();
        SourcePosition position =
                new SourcePosition(
                        source.partition().topic(),
                        source.partition().partition(),
                        settlement.offset());
        jobOf(settlement.ending())
                .flatMap(id -> slot.keyed().of(id, position))
                .ifPresent(key -> {
                    keyed.computeIfAbsent(slot, _ -> new ArrayList<>()).add(key);
                    slot.keyed()
                            .beyond()
                            .ifPresent(id ->
                                    unkeyed.computeIfAbsent(slot, _ -> new LinkedHashSet<>())
                                            .add(id));
                });
    }

    private static Optional<String> jobOf(Settlement.Ending ending) {
        return switch (ending) {
            case Terminal(var result, _, _) -> Optional.of(result.getJobId());
            case Moved(_, var moved, _, _) -> Optional.of(moved.getSubmit().getJobId());
            case Spilled(_, var moved, _) -> Optional.of(moved.getSubmit().getJobId());
            case Poison(_), Refused(_, _), Repeated(), LaneKnown(), CancelKnown(_) ->
                    Optional.empty();
        };
    }

    private void charge(Settlement settlement, UsageRecord usage) {
        Drawn drawn = settlement.drawn();
        String model = drawn.model().isEmpty() ? usage.getModel() : drawn.model();
        for (Spender each : Spender.of(new TenantId(usage.getTenant()), usage.getKeyId(), model)) {
            tally(settlement.slot(), each)
                    .add(
                            usage.getUsage(),
                            new NanoDollars(usage.getCostNanoUsd()),
                            usage.getCompletedAt());
        }
    }

    private void draw(Settlement settlement) {
        Drawn drawn = settlement.drawn();
        for (Drawn.Draw call : drawn.draws()) {
            for (Spender each : Spender.of(drawn.tenant(), drawn.key(), drawn.model())) {
                tally(settlement.slot(), each).draw(call.at(), call.tokens());
            }
        }
    }

    private SpendTally tally(OwnedSlot slot, Spender spender) {
        return spend.computeIfAbsent(slot, _ -> new LinkedHashMap<>())
                .computeIfAbsent(spender, _ -> SpendTally.from(slot.spend(spender)));
    }

    private void forget(OwnedSlot slot, String id) {
        forgotten.computeIfAbsent(slot, _ -> new LinkedHashSet<>()).add(id);
    }
}
