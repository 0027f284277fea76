package io.millrace.dispatcher.quota;

import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.money.NanoDollars;
import io.millrace.schemas.money.Tokens;
import java.time.Instant;

/**
 * What one call may use at most, held from before its start until its settlement.
 *
 * @param input input tokens, estimated
 * @param output output tokens at most
 * @param cost what both cost together
 * @param at when it is asked for
 */
public record Reservation(
        TenantId tenant, JobId job, Tokens input, Tokens output, NanoDollars cost, Instant at) {}
