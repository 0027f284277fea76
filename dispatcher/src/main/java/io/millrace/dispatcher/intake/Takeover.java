package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.settlement.SlotState;
import io.millrace.dispatcher.settlement.SlotStates;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.IntConsumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes slots over: ends what dead processes left open, then reads the slots' state.
 *
 * <p>Without the first step readers of {@code results} and this process wait for the transaction
 * timeout of the dead (12–73 s measured, against 6–10 s).
 */
final class Takeover {

    private static final Logger LOG = LoggerFactory.getLogger(Takeover.class);

    private final Producers producers;
    private final String own;
    private final SlotStates ledger;
    private final IntConsumer fences;
    private boolean first = true;

    /**
     * Takes over for a process.
     *
     * @param own transactional id that all starts of the process share
     * @param fences is told how many producers were fenced
     */
    Takeover(Producers producers, String own, SlotStates ledger, IntConsumer fences) {
        this.fences = fences;
        this.producers = producers;
        this.own = own;
        this.ledger = ledger;
    }

    /** Returns the state of the slots once nothing that was open can change it any more. */
    List<SlotState> take(Collection<Integer> slots) {
        try {
            fenceTheDead();
        } catch (ExecutionException e) {
            // The transaction timeout ends what we could not; reading waits for it.
            LOG.atWarn().setCause(e.getCause()).log("cannot end the transactions of the dead");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while taking slots over", e);
        }
        List<SlotState> states = ledger.read(slots);
        first = false;
        return states;
    }

    private void fenceTheDead() throws ExecutionException, InterruptedException {
        List<String> dead = producers.ongoing();
        if (dead.isEmpty()) {
            return;
        }
        Set<String> alive = producers.alive();
        if (first) {
            alive.remove(own); // what a start before this one left open, under the same name
        }
        List<String> fenced = dead.stream().filter(id -> !alive.contains(id)).toList();
        if (!fenced.isEmpty()) {
            producers.fence(fenced);
            fences.accept(fenced.size());
            LOG.atInfo()
                    .addKeyValue("producers", fenced.size())
                    .log("producers of the dead fenced");
        }
    }
}
