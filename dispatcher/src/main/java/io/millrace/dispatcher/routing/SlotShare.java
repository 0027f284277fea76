package io.millrace.dispatcher.routing;

import java.util.function.IntSupplier;

/**
 * A share by slots: limit × owned slots / all slots, and never less than one call while a slot is
 * owned. Thread-safe when its supplier is.
 */
public final class SlotShare implements ProviderShare {

    private final IntSupplier owned;
    private final int slots;

    /**
     * Makes a share.
     *
     * @param owned slots that this process owns now
     * @param slots slots there are, 1 or more
     */
    public SlotShare(IntSupplier owned, int slots) {
        if (slots < 1) {
            throw new IllegalArgumentException("slots must be 1 or more, but was " + slots);
        }
        this.owned = owned;
        this.slots = slots;
    }

    @Override
    public long of(String provider, long limit) {
        int mine = Math.clamp(owned.getAsInt(), 0, slots);
        if (mine == 0 || limit <= 0) {
            return 0;
        }
        long whole = limit / slots * mine + limit % slots * mine / slots;
        return Math.max(1, whole);
    }
}
