package io.millrace.dispatcher.settlement;

import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.KeyedRecord;
import io.millrace.schemas.avro.SpendLedger;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.apache.kafka.common.TopicPartition;

/**
 * The state of a slot as the log tells it.
 *
 * @param slot number of the slot
 * @param frontiers how far each source is settled, lanes included
 * @param spend what was settled for each tenant, key and model
 * @param priorAttempts by partition and offset, what was journalled for records not settled
 * @param attemptsEnd end offset of the slot's partition of attempts
 * @param cancelled wishes to end jobs and batches, the oldest first
 * @param keyed records of inboxes that came with idempotency keys, the oldest first
 */
public record SlotState(
        int slot,
        Map<TopicPartition, Frontier> frontiers,
        Map<Spender, SpendLedger> spend,
        Map<TopicPartition, NavigableMap<Long, List<PriorAttempt>>> priorAttempts,
        long attemptsEnd,
        List<Cancel> cancelled,
        List<KeyedRecord> keyed) {

    /** The state of a slot in which nothing is cancelled. */
    public SlotState(
            int slot,
            Map<TopicPartition, Frontier> frontiers,
            Map<Spender, SpendLedger> spend,
            Map<TopicPartition, NavigableMap<Long, List<PriorAttempt>>> priorAttempts,
            long attemptsEnd) {
        this(slot, frontiers, spend, priorAttempts, attemptsEnd, List.of());
    }

    /** The state of a slot whose inboxes had no idempotency keys. */
    public SlotState(
            int slot,
            Map<TopicPartition, Frontier> frontiers,
            Map<Spender, SpendLedger> spend,
            Map<TopicPartition, NavigableMap<Long, List<PriorAttempt>>> priorAttempts,
            long attemptsEnd,
            List<Cancel> cancelled) {
        this(slot, frontiers, spend, priorAttempts, attemptsEnd, cancelled, List.of());
    }
}
