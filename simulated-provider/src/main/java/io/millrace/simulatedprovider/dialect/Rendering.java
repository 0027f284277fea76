package io.millrace.simulatedprovider.dialect;

import io.millrace.simulatedprovider.behaviour.Seed;
import io.millrace.simulatedprovider.behaviour.UsageClaim;
import java.time.Instant;

/**
 * All that an answer depends on besides the question.
 *
 * @param call the number of the call, which is in the answer's id
 * @param words how long a completion is to be, 0 to let the seed choose
 */
public record Rendering(Seed seed, long call, Instant now, int words, UsageClaim claim) {}
