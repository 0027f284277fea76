package io.millrace.standalone.endtoend;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A dispatcher that was killed.
 *
 * @param slots what it owned
 * @param at when it was killed
 */
record Takeover(String dispatcher, List<Integer> slots, Instant at) {

    /** For each of its slots that had work, how long it gave no result. */
    List<Duration> silences(Arrivals arrivals) {
        return slots.stream()
                .map(slot -> arrivals.silence(slot, at))
                .flatMap(Optional::stream)
                .toList();
    }
}
