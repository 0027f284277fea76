package io.millrace.dispatcher.simulation;

import io.millrace.dispatcher.execution.Adoptions;
import io.millrace.dispatcher.execution.Adoptions.Open;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.avro.AttemptsRecord;
import io.millrace.schemas.avro.DrainAnnounced;
import io.millrace.schemas.topic.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * The intake of hand-overs, played: by the rules of {@code HandoffsIntake}, which is bound to an
 * admin client.
 */
final class HandoffsReader {

    private static final Duration TELLING = Duration.ofSeconds(3);
    private static final Comparator<Open> ORDER =
            Comparator.comparingInt((Open each) -> each.slot().number())
                    .thenComparingLong(Open::journalOffset);

    private final World world;
    private final String process;
    private final Predicate<String> member;
    private final Adoptions adoptions;
    private final Map<OwnedSlot, Long> positions = new HashMap<>(); // a slot equals only itself
    private final Map<String, Instant> drains = new HashMap<>();

    /**
     * Makes it.
     *
     * @param member whether a member of the group is this process
     */
    HandoffsReader(World world, String process, Predicate<String> member, Adoptions adoptions) {
        this.member = member;
        this.world = world;
        this.process = process;
        this.adoptions = adoptions;
    }

    void step() {
        List<Open> open = open();
        positions.keySet().removeIf(slot -> open.stream().noneMatch(each -> each.slot() == slot));
        if (open.isEmpty()) {
            return;
        }
        read(open);
        world.kernel().step("looks for attempts to give up");
        giveUp(open());
    }

    private List<Open> open() {
        return adoptions.open().stream().sorted(ORDER).toList();
    }

    private void read(List<Open> open) {
        for (OwnedSlot slot : open.stream().map(Open::slot).distinct().toList()) {
            TopicPartition partition =
                    new TopicPartition(Topic.HANDOFFS.topicName(), slot.number());
            long from = Optional.ofNullable(positions.get(slot)).orElse(0L);
            for (var each : world.cluster().read(partition, from, Integer.MAX_VALUE)) {
                positions.put(slot, each.offset() + 1);
                adoptions.handedOver(slot, world.codecs().handoffs().decode(each.value()));
            }
        }
    }

    private void giveUp(List<Open> open) {
        Set<String> members = world.group().ids();
        world.kernel().step("knows the members");
        Instant now = world.now();
        List<Open> overdue = new ArrayList<>();
        List<Open> silent = new ArrayList<>();
        for (Open each : open) {
            if (now.isAfter(each.started().getDeadline().plus(TELLING))) {
                overdue.add(each);
            } else if (!isAlive(each.started(), members)) {
                silent.add(each);
            }
        }
        silent.forEach(each -> readDrains(each.slot().number()));
        silent.removeIf(each ->
                Optional.ofNullable(drains.get(each.started().getProcess()))
                        .filter(now::isBefore)
                        .isPresent());
        world.kernel().step("knows the drains");
        read(Stream.concat(overdue.stream(), silent.stream()).toList());
        overdue.forEach(each -> giveUp(each, "deadline"));
        silent.forEach(each -> giveUp(each, "process_gone"));
    }

    private void giveUp(Open open, String reason) {
        AttemptStarted started = open.started();
        if (open().contains(open)) {
            world.kernel()
                    .trace(
                            process
                                    + " gives up "
                                    + started.getJobId()
                                    + "/"
                                    + started.getAttempt()
                                    + ": "
                                    + reason);
            if (world.group().owner(open.slot().number()).filter(member).isPresent()) {
                world.referee().givenUp(started.getJobId(), started.getAttempt(), reason);
            }
            adoptions.giveUp(open, reason);
        }
    }

    private boolean isAlive(AttemptStarted started, Set<String> members) {
        String member = started.getMember();
        return started.getProcess().equals(process) || (member != null && members.contains(member));
    }

    private void readDrains(int slot) {
        TopicPartition partition = new TopicPartition(Topic.ATTEMPTS.topicName(), slot);
        for (var each : world.cluster().read(partition, 0, Integer.MAX_VALUE)) {
            AttemptsRecord entry = world.codecs().attempts().decode(each.value());
            DrainAnnounced drain = entry.getDrain();
            if (drain != null) {
                drains.put(drain.getProcess(), drain.getUntil());
            }
        }
    }
}
