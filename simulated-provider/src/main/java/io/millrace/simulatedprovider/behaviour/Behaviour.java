package io.millrace.simulatedprovider.behaviour;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/** How the calls of a model are treated. */
public final class Behaviour {

    private static final Duration DRIP_PACE = Duration.ofMillis(100);
    private static final Duration HEAD_PACE = Duration.ofSeconds(1);

    private final Latency latency;
    private final List<PossibleFault> faults;
    private final Duration pace;
    private final int words;

    /** The first fault whose condition is met happens. */
    record PossibleFault(Fault fault, Condition condition) {}

    Behaviour(Latency latency, List<PossibleFault> faults, Duration pace, int words) {
        this.latency = latency;
        this.faults = List.copyOf(faults);
        this.pace = pace;
        this.words = words;
    }

    /** Whether every call is treated alike, so that calls need not be told apart. */
    public boolean isConstant() {
        return latency.least().equals(latency.most())
                && faults.stream().allMatch(f -> f.condition() instanceof Condition.Always);
    }

    /**
     * Decides about a call.
     *
     * @param repetition how many calls with the same key came before
     * @param random seeded by the provider's seed, the key and the repetition
     */
    public Plan plan(long repetition, RandomGenerator random) {
        Duration wait = latency.draw(random);
        Fault happens = new Fault.None();
        for (PossibleFault possible : faults) {
            if (possible.condition().isMet(repetition, random)) {
                happens = possible.fault();
                break;
            }
        }
        return new Plan(wait, happens, paceOf(happens), words);
    }

    private Duration paceOf(Fault fault) {
        if (!pace.isZero()) {
            return pace;
        }
        return switch (fault) {
            case Fault.Drip() -> DRIP_PACE;
            case Fault.WrongHead(HeadFault how) when how == HeadFault.SLOW -> HEAD_PACE;
            case Fault _ -> Duration.ZERO;
        };
    }
}
