package io.millrace.usageaggregator.usage;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/** Event time: when the job ended, whenever its bill arrives. */
final class CompletionTime implements TimestampExtractor {

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        return record.value() instanceof Arrival.Bill bill
                ? bill.completedAt().toEpochMilli()
                // an absent timestamp is negative, and would be dropped without a word
                : Math.max(0, record.timestamp());
    }
}
