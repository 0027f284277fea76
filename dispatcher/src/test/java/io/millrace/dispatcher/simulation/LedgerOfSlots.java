package io.millrace.dispatcher.simulation;

import io.millrace.dispatcher.settlement.Frontier;
import io.millrace.dispatcher.settlement.SettlementSeam;
import io.millrace.dispatcher.settlement.SlotState;
import io.millrace.dispatcher.settlement.SlotStates;
import io.millrace.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads the state of slots from the played log, by the real folding. */
record LedgerOfSlots(World world) implements SlotStates {

    private static final int FAR = 200;

    @Override
    public List<SlotState> read(Collection<Integer> slots) {
        List<SlotState> states = new ArrayList<>();
        for (int slot : new TreeSet<>(slots)) {
            states.add(
                    planted(
                            SettlementSeam.fold(
                                    slot,
                                    world.codecs(),
                                    () -> ledger(slot),
                                    from -> attempts(slot, from))));
        }
        return states;
    }

    private Map<String, byte[]> ledger(int slot) {
        TopicPartition partition = new TopicPartition(Topic.SLOT_LEDGER.topicName(), slot);
        world.kernel().step("reads the ledger of " + slot);
        long end = world.cluster().end(partition);
        if (world.bug() != Bug.STATE_BEFORE_OPEN_TRANSACTIONS_END
                && world.bug() != Bug.LEDGER_BEFORE_FENCING) {
            world.kernel().await(() -> world.cluster().lastStable(partition) >= end);
        }
        Map<String, byte[]> latest = new HashMap<>();
        world.cluster()
                .read(partition, 0, Integer.MAX_VALUE)
                .forEach(each -> {
                    String key = new String(each.key(), StandardCharsets.UTF_8);
                    byte @Nullable [] value = each.value();
                    if (value == null) {
                        latest.remove(key);
                    } else {
                        latest.put(key, value);
                    }
                });
        return latest;
    }

    private SortedMap<Long, byte[]> attempts(int slot, long from) {
        world.kernel().step("reads the attempts of " + slot);
        SortedMap<Long, byte[]> journal = new TreeMap<>();
        world.cluster()
                .read(new TopicPartition(Topic.ATTEMPTS.topicName(), slot), from, Integer.MAX_VALUE)
                .forEach(each -> journal.put(each.offset(), each.value()));
        return journal;
    }

    private SlotState planted(SlotState found) {
        Map<TopicPartition, Frontier> frontiers = new HashMap<>(found.frontiers());
        switch (world.bug()) {
            case FORGET_SETTLED_ABOVE_THE_FRONTIER ->
                    frontiers.replaceAll((_, each) -> Frontier.at(each.lowestOpen()));
            case FORGET_OPEN_ABOVE_THE_FRONTIER ->
                    frontiers.replaceAll((_, each) -> Frontier.at(highestSettled(each) + 1));
            case READ_RETRIES_FROM_THE_BEGINNING ->
                    frontiers.replaceAll((source, each) ->
                            source.topic().startsWith("retries.") ? Frontier.at(0) : each);
            default -> {}
        }
        return new SlotState(
                found.slot(),
                frontiers,
                found.spend(),
                world.bug() == Bug.FORGET_FORMER_ATTEMPTS ? Map.of() : found.priorAttempts(),
                found.attemptsEnd(),
                found.cancelled());
    }

    private static long highestSettled(Frontier frontier) {
        long highest = frontier.lowestOpen() - 1;
        for (long i = highest; i < frontier.lowestOpen() + FAR; i++) {
            if (frontier.isSettled(i)) {
                highest = i;
            }
        }
        return highest;
    }
}
