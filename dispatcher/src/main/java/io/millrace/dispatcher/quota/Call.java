package io.millrace.dispatcher.quota;

import io.millrace.schemas.id.JobId;

/**
 * One attempt of a job.
 *
 * @param job the job
 * @param attempt number of the attempt, from 1
 */
public record Call(JobId job, int attempt) {}
