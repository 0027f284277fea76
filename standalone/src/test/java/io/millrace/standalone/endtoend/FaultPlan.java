package io.millrace.standalone.endtoend;

import java.util.List;
import java.util.Random;

/**
 * How large a campaign is: how many faults, how many jobs, and the seed that both follow from.
 *
 * @param faults how many there are, at least 1
 * @param jobs how many are submitted meanwhile, at least 1
 */
record FaultPlan(int faults, int jobs, long seed) {

    /** What can happen to a process. */
    enum Fault {
        KILL_DISPATCHER,
        STOP_DISPATCHER,
        FREEZE_DISPATCHER,
        KILL_INGRESS,
        KILL_AGGREGATOR,
        KILL_BROKER,
        FREEZE_BROKER
    }

    // dispatchers are what the promise is about; a broker's death stops everything for seconds
    private static final List<Fault> DRAWN =
            List.of(
                    Fault.KILL_DISPATCHER,
                    Fault.KILL_DISPATCHER,
                    Fault.KILL_DISPATCHER,
                    Fault.KILL_DISPATCHER,
                    Fault.STOP_DISPATCHER,
                    Fault.STOP_DISPATCHER,
                    Fault.FREEZE_DISPATCHER,
                    Fault.KILL_INGRESS,
                    Fault.KILL_INGRESS,
                    Fault.KILL_AGGREGATOR,
                    Fault.KILL_BROKER,
                    Fault.FREEZE_BROKER);

    /** Reads {@code faults.kills}, {@code faults.jobs} and {@code faults.seed}. */
    static FaultPlan fromProperties() {
        return new FaultPlan(
                Integer.getInteger("faults.kills", 4),
                Integer.getInteger("faults.jobs", 2_000),
                Long.getLong("faults.seed", 1));
    }

    /** Returns the faults in their order: the first of each kind that fits, then drawn ones. */
    List<Fault> sequence() {
        Random random = new Random(seed);
        return random.ints(faults, 0, DRAWN.size()).mapToObj(DRAWN::get).toList();
    }

    /** Returns the model of the n-th job: most are quick, some take long, some fail. */
    static String model(int n) {
        return switch (n % 20) {
            case 3, 13 -> "shaky";
            case 7 -> "slow";
            case 11 -> "broken";
            default -> "fast";
        };
    }
}
