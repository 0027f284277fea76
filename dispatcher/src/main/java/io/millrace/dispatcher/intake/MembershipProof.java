package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.schemas.topic.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the group whether this process is still a member, by an offset to commit: the group refuses
 * those of others, and takes one for a sign of life. A poll that returns says nothing of the kind;
 * it returns while the broker is stopped, and while its word of an expulsion is under way.
 *
 * <p>What is committed is what the transactions of a slot commit anyway, as of the last one that
 * memory knows of. One thread uses it, the consumer's.
 */
final class MembershipProof {

    private static final Logger LOG = LoggerFactory.getLogger(MembershipProof.class);
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Consumer<byte[], byte[]> consumer;
    private final Ownership ownership;
    private long asked;
    private boolean answered = true;

    MembershipProof(Consumer<byte[], byte[]> consumer, Ownership ownership) {
        this.consumer = consumer;
        this.ownership = ownership;
        this.asked = ownership.now() - EVERY.toNanos();
    }

    /** Asks when it is time; the answer comes within a later poll. */
    void ask() {
        long now = ownership.now();
        if (now - asked < (answered ? EVERY : PATIENCE).toNanos()) {
            return;
        }
        offset().ifPresent(offset -> {
            asked = now;
            answered = false;
            consumer.commitAsync(
                    offset,
                    (_, failure) -> {
                        answered = true;
                        if (failure == null) {
                            ownership.provedMember(now);
                        } else {
                            LOG.atDebug().setCause(failure).log("membership is not proved");
                        }
                    });
        });
    }

    /**
     * Asks and waits for the answer, so that slots which have just come can be worked on at once.
     */
    void askNow() {
        long now = ownership.now();
        offset().ifPresent(offset -> {
            try {
                consumer.commitSync(offset, PATIENCE);
                ownership.provedMember(now);
            } catch (KafkaException e) {
                LOG.atDebug().setCause(e).log("membership is not proved yet");
            }
        });
    }

    private Optional<Map<TopicPartition, OffsetAndMetadata>> offset() {
        return ownership.slots().stream().findFirst().flatMap(MembershipProof::offset);
    }

    private static Optional<Map<TopicPartition, OffsetAndMetadata>> offset(OwnedSlot slot) {
        TopicPartition requests = new TopicPartition(Topic.REQUESTS.topicName(), slot.number());
        return slot.source(requests)
                .map(source ->
                        Map.of(requests, new OffsetAndMetadata(source.frontier().lowestOpen())));
    }
}
