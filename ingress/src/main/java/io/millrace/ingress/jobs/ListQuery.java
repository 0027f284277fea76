package io.millrace.ingress.jobs;

import io.millrace.schemas.id.TenantId;
import java.util.Set;

/**
 * Which page of which list.
 *
 * @param tenant whose things are listed
 * @param kind which of its things
 * @param limit entries at most
 * @param ascending whether the oldest come first
 * @param after id of the last entry of the page before; empty for the first page
 * @param only what to list: states of jobs and batches, purposes of files; empty for all
 */
public record ListQuery(
        TenantId tenant, Kind kind, int limit, boolean ascending, String after, Set<String> only) {

    public ListQuery {
        only = Set.copyOf(only);
        if (limit < 1) {
            throw new IllegalArgumentException("limit must be at least 1, but was " + limit);
        }
    }

    /** Returns the query of what lies behind an entry. */
    ListQuery behind(String id) {
        return new ListQuery(tenant, kind, limit, ascending, id, only);
    }

    /** What a list is of. */
    public enum Kind {
        /** Jobs of their own, without the lines of batches. */
        JOB,
        /** Batches. */
        BATCH,
        /** Files. */
        FILE
    }
}
