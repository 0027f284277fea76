package io.millrace.dispatcher.settlement;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
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
    private final Lease lease;

    /** An ownership that never doubts what the group told it last. */
    public Ownership() {
        this(Lease.endless());
    }

    /** An ownership that trusts the group's word for as long as the lease says. */
    public Ownership(Lease lease) {
        this.lease = lease;
    }

    /** Returns the lock that surrounds every transaction and every loss of a slot. */
    ReentrantLock transaction() {
        return transaction;
    }

    /** Takes a slot over, in the state that the log tells. */
    public OwnedSlot own(SlotState state) {
        return own(state, _ -> {});
    }

    /**
     * Takes a slot over, in the state that the log tells.
     *
     * @param before what is to be done before anybody sees that it is ours
     */
    public OwnedSlot own(SlotState state, Consumer<OwnedSlot> before) {
        String member = membership.map(ConsumerGroupMetadata::memberId).orElse("");
        OwnedSlot slot = new OwnedSlot(state, member, lease);
        before.accept(slot);
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

    /** Returns the time of a question to the group, on the clock of the lease. */
    public long now() {
        return lease.now();
    }

    /** Takes note that the group has answered, as one of its members, who asked at that time. */
    public void provedMember(long askedAt) {
        lease.renew(askedAt);
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
