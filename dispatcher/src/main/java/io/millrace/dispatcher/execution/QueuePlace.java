package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.quota.WaitReason;
import io.millrace.schemas.id.TenantId;

/**
 * Where a job stands that waits for its start.
 *
 * @param tenant whose job it is
 * @param position its place among its tenant's jobs that wait in this process, from 1
 * @param reason why it waits
 */
public record QueuePlace(TenantId tenant, int position, WaitReason reason) {}
