package io.millrace.dispatcher.settlement;

import java.util.Collection;
import java.util.List;

/** Where the state of slots is read from. */
@FunctionalInterface
public interface SlotStates {

    /** Returns the state of each of the slots, once nothing that was open can change it. */
    List<SlotState> read(Collection<Integer> slots);
}
