package io.millrace.dispatcher.intake;

import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.avro.AttemptsRecord;
import io.millrace.schemas.avro.DrainAnnounced;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.ReadToEnd;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Which processes will still tell what their calls come to: the members of the group, and those
 * that have announced their drain. One thread uses it.
 *
 * <p>Members are known by their ids. The client id of a static member is that of its first start
 * for as long as its place is not given up (Kafka 4.3.1, {@code ClassicGroup.replaceStaticMember}).
 */
final class Liveness {

    private static final long PATIENCE_SECONDS = 5;

    private final Admin admin;
    private final String group;
    private final String ownProcess;
    private final AvroCodec<AttemptsRecord> attempts;
    private final Map<String, Instant> drains = new HashMap<>();

    Liveness(Admin admin, String group, String ownProcess, AvroCodec<AttemptsRecord> attempts) {
        this.admin = admin;
        this.group = group;
        this.ownProcess = ownProcess;
        this.attempts = attempts;
    }

    /** Returns the ids of the group's members at the moment. */
    Set<String> members() {
        try {
            Set<String> members = new HashSet<>();
            admin.describeConsumerGroups(Set.of(group))
                    .all()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .values()
                    .forEach(described ->
                            described
                                    .members()
                                    .forEach(member -> members.add(member.consumerId())));
            return members;
        } catch (ExecutionException e) {
            throw new KafkaException("cannot ask for the members of the group", e.getCause());
        } catch (TimeoutException e) {
            throw new KafkaException("the group's coordinator does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while asking for the group's members", e);
        }
    }

    /** Returns whether the process that started an attempt is one of the members. */
    boolean isAlive(AttemptStarted started, Set<String> members) {
        String member = started.getMember();
        return started.getProcess().equals(ownProcess)
                || (member != null && members.contains(member));
    }

    /** Returns whether the process has announced a drain that is not over. */
    boolean drains(AttemptStarted started, Instant now) {
        return Optional.ofNullable(drains.get(started.getProcess()))
                .filter(now::isBefore)
                .isPresent();
    }

    /**
     * Reads the announcements in attempts from those offsets to their ends.
     *
     * @param consumer assigned to nothing else
     */
    void readDrains(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> from) {
        ReadToEnd.read(
                consumer,
                from,
                ReadToEnd.settledEnds(admin, from.keySet()),
                each -> {
                    DrainAnnounced drain = attempts.decode(each.value()).getDrain();
                    if (drain != null) {
                        drains.put(drain.getProcess(), drain.getUntil());
                    }
                });
    }

    static TopicPartition attemptsOf(int slot) {
        return new TopicPartition(Topic.ATTEMPTS.topicName(), slot);
    }
}
