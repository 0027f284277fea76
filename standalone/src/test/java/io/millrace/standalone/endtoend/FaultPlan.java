package io.millrace.standalone.endtoend;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * How large a campaign is: how many faults, how many jobs, and the seed that both follow from.
 *
 * @param faults how many there are, at least 1
 * @param jobs how many are submitted meanwhile, at least 1
 */
record FaultPlan(int faults, int jobs, long seed) {

    /** What can happen to a process. */
    enum Fault {
        /** Killed; another takes its slots over before it comes back. */
        LOSE_DISPATCHER,
        /** Killed and started again at once. */
        KILL_DISPATCHER,
        STOP_DISPATCHER,
        FREEZE_DISPATCHER,
        ROLL_DISPATCHERS,
        KILL_INGRESS,
        KILL_AGGREGATOR,
        KILL_BROKER,
        FREEZE_BROKER
    }

    // dispatchers are what the promise is about; a broker's death stops everything for seconds
    private static final List<Fault> DRAWN =
            List.of(
                    Fault.LOSE_DISPATCHER,
                    Fault.LOSE_DISPATCHER,
                    Fault.LOSE_DISPATCHER,
                    Fault.KILL_DISPATCHER,
                    Fault.KILL_DISPATCHER,
                    Fault.KILL_DISPATCHER,
                    Fault.STOP_DISPATCHER,
                    Fault.STOP_DISPATCHER,
                    Fault.KILL_INGRESS,
                    Fault.KILL_AGGREGATOR,
                    Fault.KILL_BROKER);

    // a campaign that is long has time for longer ones
    private static final int LONG = 100;

    FaultPlan {
        if (faults < 1 || jobs < 1) {
            throw new IllegalArgumentException(
                    "faults and jobs must be at least 1, but were %d and %d"
                            .formatted(faults, jobs));
        }
    }

    /** Reads {@code faults.kills}, {@code faults.jobs} and {@code faults.seed}. */
    static FaultPlan fromProperties() {
        return new FaultPlan(
                Integer.getInteger("faults.kills", 4),
                Integer.getInteger("faults.jobs", 2_000),
                Long.getLong("faults.seed", 1));
    }

    /** Returns the faults in their order: where there is room one of each kind, then drawn ones. */
    List<Fault> sequence() {
        Random random = new Random(seed);
        Fault[] kinds = Fault.values();
        List<Fault> once = faults < kinds.length ? List.of() : List.of(kinds);
        Stream<Fault> drawn =
                IntStream.range(once.size(), faults)
                        .mapToObj(_ -> DRAWN.get(random.nextInt(DRAWN.size())));
        List<Fault> all = new ArrayList<>(Stream.concat(once.stream(), drawn).toList());
        Collections.shuffle(all, random);
        return List.copyOf(all);
    }

    /** For how many seconds at most a dispatcher is frozen; at least 20. */
    int longestFreezeSeconds() {
        return Integer.getInteger("faults.freeze", faults < LONG ? 25 : 90);
    }

    /**
     * Returns the model of the n-th job: most are quick, some take long, some are refused, for ever
     * or for a moment.
     */
    static String model(int n) {
        return switch (n % 20) {
            case 3, 13 -> "flaky";
            case 7 -> "slow";
            case 11 -> "broken";
            default -> "fast";
        };
    }
}
