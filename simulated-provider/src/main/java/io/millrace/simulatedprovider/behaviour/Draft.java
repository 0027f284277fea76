package io.millrace.simulatedprovider.behaviour;

import io.millrace.simulatedprovider.behaviour.Behaviour.PossibleFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A behaviour of which some words are read. Every step says whether the word made sense there. */
final class Draft {

    private final List<PossibleFault> faults = new ArrayList<>();
    private Latency latency = Latency.NONE;
    private boolean hasLatency;
    private Duration pace = Duration.ZERO;
    private int words;

    boolean latency(Duration least, Duration most) {
        if (hasLatency || least.compareTo(most) > 0) {
            return false;
        }
        latency = new Latency(least, most);
        hasLatency = true;
        return true;
    }

    boolean pace(Duration between) {
        boolean first = pace.isZero();
        pace = between;
        return first && between.isPositive();
    }

    boolean words(int count) {
        boolean first = words == 0;
        words = count;
        return first && count > 0;
    }

    boolean fault(Fault fault, Condition condition) {
        return faults.add(new PossibleFault(fault, condition));
    }

    /** Says of the last fault when it happens. */
    boolean when(Condition condition) {
        if (faults.isEmpty() || !(faults.getLast().condition() instanceof Condition.Always)) {
            return false;
        }
        Fault fault = faults.removeLast().fault();
        return faults.add(new PossibleFault(fault, condition));
    }

    /** Says of the last fault, an error status, when to come again. */
    boolean retryAfter(RetryAfter retryAfter) {
        if (faults.isEmpty()
                || !(faults.getLast().fault() instanceof Fault.ErrorStatus(int status, _))) {
            return false;
        }
        Condition condition = faults.removeLast().condition();
        Fault fault = new Fault.ErrorStatus(status, retryAfter);
        return faults.add(new PossibleFault(fault, condition));
    }

    Behaviour finish() {
        return new Behaviour(latency, faults, pace, words);
    }
}
