package io.millrace.ingress.jobs;

import io.millrace.schemas.avro.JobsRecord;
import java.time.Instant;

/**
 * An entry of a list.
 *
 * @param id of the job, batch or file
 * @param createdAt by which lists are ordered, then by id
 * @param record what was accepted
 * @param sighting the same with a job's terminal state
 */
public record Listed(String id, Instant createdAt, JobsRecord record, Sighting sighting) {}
