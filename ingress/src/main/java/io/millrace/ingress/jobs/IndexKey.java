package io.millrace.ingress.jobs;

import io.millrace.ingress.jobs.ListQuery.Kind;
import io.millrace.schemas.avro.JobsRecord;
import java.time.Instant;
import java.util.Optional;

/**
 * The key of an entry in the index of lists: keys of one list are in the order newest first.
 *
 * @param kind what the list is of
 * @param tenant whose it is
 * @param createdAt when the thing was made
 * @param id of the thing
 */
record IndexKey(Kind kind, String tenant, Instant createdAt, String id) {

    /** Returns the key of a record, or none when it is of no kind we know. */
    static Optional<IndexKey> of(String id, JobsRecord record) {
        if (record.getJob() != null) {
            return Optional.of(
                    new IndexKey(
                            Kind.JOB,
                            record.getJob().getTenant(),
                            record.getJob().getAcceptedAt(),
                            id));
        }
        if (record.getBatch() != null) {
            return Optional.of(
                    new IndexKey(
                            Kind.BATCH,
                            record.getBatch().getTenant(),
                            record.getBatch().getCreatedAt(),
                            id));
        }
        if (record.getFile() != null) {
            return Optional.of(
                    new IndexKey(
                            Kind.FILE,
                            record.getFile().getTenant(),
                            record.getFile().getCreatedAt(),
                            id));
        }
        return Optional.empty();
    }

    /** Returns what all keys of one list begin with. */
    static String prefix(Kind kind, String tenant) {
        return "%s/%s/".formatted(kind.name(), tenant);
    }

    /** Returns the id that a key ends with. */
    static String id(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    /** Returns the key as a text whose order is newest first. */
    String text() {
        return "%s%019d/%s"
                .formatted(prefix(kind, tenant), Long.MAX_VALUE - createdAt.toEpochMilli(), id);
    }
}
