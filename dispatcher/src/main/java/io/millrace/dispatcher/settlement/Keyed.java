package io.millrace.dispatcher.settlement;

import io.millrace.schemas.avro.KeyedRecord;
import io.millrace.schemas.avro.SourcePosition;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The records of inboxes that came with idempotency keys, by the ids of their jobs: the first of a
 * key is the job, the others are it again. The oldest make room for new ones. Thread-safe.
 */
public final class Keyed {

    /** What a record with a key is. */
    public enum Claim {
        /** The first of its key: it is to be carried out. */
        FIRST,
        /** The same as the first once more. */
        REPEATED,
        /** Something else under the same key. */
        OTHER
    }

    static final int MOST = 100_000;
    private static final String PREFIX = "keyed/";

    private final Map<String, KeyedRecord> byId = new LinkedHashMap<>();

    Keyed(Collection<KeyedRecord> known) {
        known.forEach(each -> byId.put(each.getJobId(), each));
    }

    static String key(String id) {
        return PREFIX + id;
    }

    /** Returns what a record is; the first of its key is kept in mind. */
    public synchronized Claim claim(KeyedRecord record) {
        KeyedRecord first = byId.putIfAbsent(record.getJobId(), record);
        if (first == null || first.getSource().equals(record.getSource())) {
            return Claim.FIRST;
        }
        return first.getFingerprint().equals(record.getFingerprint())
                ? Claim.REPEATED
                : Claim.OTHER;
    }

    /** Returns the record of a job, if it came with a key and lies at that position. */
    synchronized Optional<KeyedRecord> of(String id, SourcePosition position) {
        return Optional.ofNullable(byId.get(id))
                .filter(record -> record.getSource().equals(position));
    }

    /** Returns the oldest beyond what is kept; empty when there is room. */
    synchronized Optional<String> beyond() {
        Iterator<String> oldest = byId.keySet().iterator();
        return byId.size() > MOST && oldest.hasNext()
                ? Optional.of(oldest.next())
                : Optional.empty();
    }

    synchronized void forget(String id) {
        byId.remove(id);
    }
}
