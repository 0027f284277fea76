package io.millrace.usageaggregator.usage;

import io.millrace.schemas.avro.UsageRecord;
import java.time.Instant;

/** What a record on the topic {@code usage} turned out to be. */
sealed interface Arrival {

    /** The bytes as they came; not to be changed. */
    byte[] value();

    /**
     * The bill of a terminal job.
     *
     * @param completedAt when the job ended: the time it counts at; not before 1970
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on as they came, never compared
    record Bill(Facets facets, Instant completedAt, Totals totals, byte[] value)
            implements Arrival {

        public Bill {
            if (completedAt.isBefore(Instant.EPOCH)) {
                throw new IllegalArgumentException(
                        "a job cannot have ended before 1970, but completedAt is " + completedAt);
            }
        }

        static Bill of(UsageRecord bill, byte[] value) {
            return new Bill(Facets.of(bill), bill.getCompletedAt(), Totals.of(bill), value);
        }
    }

    /**
     * No bill, and no retry will make one of it.
     *
     * @param reason stable code, for the dead letter
     * @param message what is wrong
     */
    @SuppressWarnings("ArrayRecordComponent") // passed on as they came, never compared
    record Poison(String reason, String message, byte[] value) implements Arrival {}
}
