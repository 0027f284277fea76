package io.millrace.dispatcher.intake;

import io.millrace.schemas.avro.AttemptStarted;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** What is known of the other processes: who will still tell what its calls come to. */
interface Peers {

    /** Returns the ids of the group's members at the moment. */
    Set<String> members();

    /** Returns whether the process that started an attempt is one of the members. */
    boolean isAlive(AttemptStarted started, Set<String> members);

    /** Returns whether the process has announced a drain that is not over. */
    boolean drains(AttemptStarted started, Instant now);

    /** Reads the announcements in attempts from those offsets to their ends. */
    void readDrains(Map<TopicPartition, Long> from);
}
