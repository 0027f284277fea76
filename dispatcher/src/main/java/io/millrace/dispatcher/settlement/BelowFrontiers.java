package io.millrace.dispatcher.settlement;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/** What is settled of the slots that are owned, and still lies in the log. Not thread-safe. */
final class BelowFrontiers {

    private final Ownership ownership;
    private final long least;
    private final Map<TopicPartition, Long> deleted = new HashMap<>();

    /**
     * @param least records of a source that are worth a request
     */
    BelowFrontiers(Ownership ownership, long least) {
        this.ownership = ownership;
        this.least = least;
    }

    /** Returns up to where each source may be deleted that has enough below its frontier. */
    Map<TopicPartition, Long> due() {
        Map<TopicPartition, Long> due = new HashMap<>();
        for (OwnedSlot slot : ownership.slots()) {
            for (Source source : slot.sources()) {
                long end = source.frontier().lowestOpen();
                if (end - deleted.getOrDefault(source.partition(), 0L) >= least) {
                    due.put(source.partition(), end);
                }
            }
        }
        return due;
    }

    /** Takes note that the log has let go of what was due. */
    void deleted(Map<TopicPartition, Long> due) {
        deleted.putAll(due);
    }
}
