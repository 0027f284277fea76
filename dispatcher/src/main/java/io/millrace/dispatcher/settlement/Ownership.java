package io.millrace.dispatcher.settlement;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/**
 * Which slots this process owns, and the lock that surrounds every transaction.
 *
 * <p>The broker refuses a process that the group has expelled, but not a live one that has lost
 * only this slot. So a slot is disowned under the lock: after that no transaction can name it.
 */
public final class Ownership {

    private final ReentrantLock transaction = new ReentrantLock();
    private final Map<Integer, OwnedSlot> slots = new ConcurrentHashMap<>();
    private volatile Optional<ConsumerGroupMetadata> membership = Optional.empty();
    private final AtomicLong confirmations = new AtomicLong();

    /** Returns the lock that surrounds every transaction and every loss of a slot. */
    ReentrantLock transaction() {
        return transaction;
    }

    /** Takes a slot over, in the state that the log tells. */
    public OwnedSlot own(SlotState state) {
        OwnedSlot slot = new OwnedSlot(state);
        slots.put(slot.number(), slot);
        return slot;
    }

    /** Gives slots up. When this returns, no transaction names them any more. */
    public void disown(Collection<Integer> numbers) {
        transaction.lock();
        try {
            for (int number : numbers) {
                OwnedSlot slot = slots.remove(number);
                if (slot != null) {
                    slot.disown();
                }
            }
        } finally {
            transaction.unlock();
        }
    }

    /** Returns the slots that are owned. */
    public Collection<OwnedSlot> slots() {
        return List.copyOf(slots.values());
    }

    /** Returns a slot, if it is owned. */
    public Optional<OwnedSlot> slot(int number) {
        return Optional.ofNullable(slots.get(number));
    }

    /**
     * Takes note of the group's word of the moment: to be called after each poll and first in each
     * callback.
     */
    public void confirm(ConsumerGroupMetadata metadata) {
        membership = Optional.of(metadata);
        confirmations.incrementAndGet();
    }

    /** Returns the membership to commit with; none before the group has given a generation. */
    Optional<ConsumerGroupMetadata> membership() {
        return membership.filter(metadata -> metadata.generationId() >= 0);
    }

    /** Returns how often the group has confirmed what this process owns. */
    long confirmations() {
        return confirmations.get();
    }
}
