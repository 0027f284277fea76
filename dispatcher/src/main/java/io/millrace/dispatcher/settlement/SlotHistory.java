package io.millrace.dispatcher.settlement;

import io.millrace.dispatcher.settlement.PriorAttempt.End;
import io.millrace.schemas.avro.AttemptEnded;
import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.avro.AttemptsRecord;
import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.KeyedRecord;
import io.millrace.schemas.avro.LedgerEntry;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.avro.SpendLedger;
import io.millrace.schemas.topic.Topic;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/** The state of a slot, put together from the records of its ledger and its attempts. */
final class SlotHistory {

    private static final List<Topic> RETRIES =
            List.of(Topic.RETRIES_5S, Topic.RETRIES_30S, Topic.RETRIES_5M, Topic.RETRIES_30M);

    // not as they lie in the journal: a process that was stopped may append its own behind those of
    // its successor, whose last one may still run
    private static final Comparator<PriorAttempt> MADE =
            Comparator.<PriorAttempt>comparingInt(each -> each.started().getAttempt())
                    .thenComparing(each -> each.started().getStartedAt());

    private final int slot;
    private final Map<TopicPartition, Frontier> frontiers = new HashMap<>();
    private final Map<Spender, SpendLedger> spend = new HashMap<>();
    private final Map<TopicPartition, NavigableMap<Long, List<PriorAttempt>>> prior =
            new HashMap<>();
    private final List<String> lanes = new ArrayList<>();
    private final List<Cancel> cancelled = new ArrayList<>();
    private final List<KeyedRecord> keyed = new ArrayList<>();
    private long attemptsFrom;
    private long attemptsEnd;

    SlotHistory(int slot) {
        this.slot = slot;
        frontiers.put(new TopicPartition(Topic.REQUESTS.topicName(), slot), Frontier.at(0));
        for (Topic retry : RETRIES) {
            frontiers.put(new TopicPartition(retry.topicName(), slot), Frontier.at(0));
        }
    }

    /** Returns the offset in attempts that matters first, once the ledger was added. */
    long attemptsFrom() {
        return attemptsFrom;
    }

    /** Says where the slot's partition of attempts ends. */
    void attemptsEndAt(long end) {
        attemptsEnd = end;
    }

    /**
     * Checks the slot's frontier against what the group committed in the same transactions.
     *
     * @throws IllegalStateException when it is behind, so that entries of the ledger are lost
     */
    void requireSettled(long committed) {
        long settled =
                frontiers
                        .getOrDefault(
                                new TopicPartition(Topic.REQUESTS.topicName(), slot),
                                Frontier.at(0))
                        .lowestOpen();
        if (settled < committed) {
            throw new IllegalStateException(
                    "slot-ledger %d is lost: it has requests settled up to offset %d, and the group has committed %d"
                            .formatted(slot, settled, committed));
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
        } else if (entry.getKeyed() != null) {
            keyed.add(entry.getKeyed());
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
                before.replaceAll(
                        each -> isSame(each.started(), started) ? ended(each, End.NOT_MADE) : each);
                before.add(new PriorAttempt(started, offset, End.OPEN));
            }
        } else if (entry.getEnded() != null) {
            AttemptEnded ended = entry.getEnded();
            if (isSettled(ended.getSource())) {
                return;
            }
            at(ended.getSource())
                    .replaceAll(each ->
                            isOf(each.started(), ended)
                                    ? ended(each, End.of(ended.getOutcome()))
                                    : each);
        }
    }

    private static boolean isSame(AttemptStarted one, AttemptStarted other) {
        return one.getAttempt() == other.getAttempt()
                && one.getProcess().equals(other.getProcess());
    }

    /** An expelled process may have counted an attempt by the number that its successor used. */
    private static boolean isOf(AttemptStarted started, AttemptEnded ended) {
        return started.getAttempt() == ended.getAttempt()
                && (ended.getProcess() == null || ended.getProcess().equals(started.getProcess()));
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
        prior.values()
                .forEach(records -> records.values().forEach(attempts -> attempts.sort(MADE)));
        cancelled.sort(Comparator.comparing(Cancel::getRequestedAt));
        keyed.sort(Comparator.comparing(KeyedRecord::getAcceptedAt));
        return new SlotState(slot, frontiers, spend, prior, attemptsEnd, cancelled, keyed);
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
