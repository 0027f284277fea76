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
final class Liveness implements Peers {

    private static final long PATIENCE_SECONDS = 5;

    private final Admin admin;
    private final String group;
    private final String ownProcess;
    private final AvroCodec<AttemptsRecord> attempts;
    private final Consumer<byte[], byte[]> journal;
    private final Map<String, Instant> drains = new HashMap<>();

    /**
     * Makes it.
     *
     * @param journal reads announcements of drains, and nothing else
     */
    Liveness(
            Admin admin,
            String group,
            String ownProcess,
            AvroCodec<AttemptsRecord> attempts,
            Consumer<byte[], byte[]> journal) {
        this.journal = journal;
        this.admin = admin;
        this.group = group;
        this.ownProcess = ownProcess;
        this.attempts = attempts;
    }

    @Override
    public Set<String> members() {
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

    @Override
    public boolean isAlive(AttemptStarted started, Set<String> members) {
        String member = started.getMember();
        return started.getProcess().equals(ownProcess)
                || (member != null && members.contains(member));
    }

    @Override
    public boolean drains(AttemptStarted started, Instant now) {
        return Optional.ofNullable(drains.get(started.getProcess()))
                .filter(now::isBefore)
                .isPresent();
    }

    @Override
    public void readDrains(Map<TopicPartition, Long> from) {
        ReadToEnd.read(
                journal,
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
