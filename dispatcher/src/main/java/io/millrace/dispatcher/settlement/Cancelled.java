package io.millrace.dispatcher.settlement;

import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.Submit;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The wishes to end jobs and batches that a slot's owner keeps in mind: what they name may still
 * lie unread in a lane or a retry topic. Thread-safe.
 *
 * <p>That of a job is forgotten when the job ends; the oldest make room for new ones.
 */
final class Cancelled {

    static final int MOST = 10_000;
    private static final String PREFIX = "cancelled/";

    private final Map<String, Cancel> byId = new LinkedHashMap<>();
    private long wishes;

    Cancelled(Collection<Cancel> known) {
        known.forEach(each -> byId.put(each.getId(), each));
    }

    static String key(String id) {
        return PREFIX + id;
    }

    synchronized void add(Cancel cancel) {
        wishes++;
        byId.putIfAbsent(cancel.getId(), cancel);
    }

    /** Returns the wish that a job ends, if there is one: of its tenant, for it or its batch. */
    synchronized Optional<Cancel> of(Submit submit) {
        Cancel found = byId.get(submit.getJobId());
        if (found == null && submit.getBatchLine() != null) {
            found = byId.get(submit.getBatchLine().getBatchId());
        }
        return Optional.ofNullable(found)
                .filter(cancel -> cancel.getTenant().equals(submit.getTenant()));
    }

    /** Returns how many wishes have come. */
    synchronized long wishes() {
        return wishes;
    }

    synchronized boolean has(String id) {
        return byId.containsKey(id);
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
