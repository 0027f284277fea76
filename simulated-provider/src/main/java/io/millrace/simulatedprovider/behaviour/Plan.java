package io.millrace.simulatedprovider.behaviour;

import java.time.Duration;

/**
 * What happens to one call.
 *
 * @param latency before anything is answered
 * @param fault what is done to the answer
 * @param pace between two events of a stream, or two bytes of a drip or of a slow head
 * @param words how long the completion is before {@code max_tokens} cuts it; 0 lets the seed choose
 */
public record Plan(Duration latency, Fault fault, Duration pace, int words) {}
