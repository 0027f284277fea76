package io.millrace.dispatcher.settlement;

import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.SpendLedger;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.topic.TenantTopics;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/**
 * A slot for as long as this process owns it without a break: its sources, lanes and ledgers.
 *
 * <p>A slot that is lost and comes back is another object, so that what was started under the old
 * one cannot be settled under the new. Ownership ends under the lock that surrounds every
 * transaction ({@link Ownership}); the rest is thread-safe by itself.
 */
public final class OwnedSlot {

    private static final SpendLedger NOTHING = SpendLedger.newBuilder().build();

    private final int number;
    private final Map<TopicPartition, Source> sources = new ConcurrentHashMap<>();
    private final Map<String, WaitLane> waitLanes = new ConcurrentHashMap<>();
    private final Map<Spender, SpendLedger> spend = new ConcurrentHashMap<>();
    private final Map<TopicPartition, NavigableMap<Long, List<PriorAttempt>>> prior;
    private final OpenAttempts attempts;
    private final Cancelled cancelled;
    private final Keyed keyed;
    private final String member;
    private final Lease lease;
    private volatile boolean owned = true;

    OwnedSlot(SlotState state, String member, Lease lease) {
        this.member = member;
        this.lease = lease;
        this.number = state.slot();
        this.prior = state.priorAttempts();
        this.cancelled = new Cancelled(state.cancelled());
        this.keyed = new Keyed(state.keyed());
        this.attempts = new OpenAttempts(state.attemptsEnd(), journalOffsets(prior));
        this.spend.putAll(state.spend());
        state.frontiers()
                .forEach((partition, at) -> sources.put(partition, new Source(partition, at)));
        lanes().stream()
                .filter(TenantTopics::isWaitLane)
                .forEach(lane -> waitLanes.put(lane, new WaitLane(true)));
    }

    /** Returns the number of the slot. */
    public int number() {
        return number;
    }

    /** Returns whether the slot is still ours; certain only under the transaction's lock. */
    public boolean isOwned() {
        return owned;
    }

    /**
     * Returns whether the group has confirmed not long ago that it is ours. A process that was
     * stopped for a while believes that it owns what others have taken over, until the group tells
     * it.
     */
    public boolean isConfirmed() {
        return owned && lease.isValid();
    }

    /** Returns the id of this process in the group, as it was when the slot was taken over. */
    public String member() {
        return member;
    }

    void disown() {
        owned = false;
    }

    /** Returns the source of a partition, if the slot has it. */
    public Optional<Source> source(TopicPartition partition) {
        return Optional.ofNullable(sources.get(partition));
    }

    /** Returns all sources of the slot. */
    public Collection<Source> sources() {
        return List.copyOf(sources.values());
    }

    /**
     * Adds a lane that was opened; it is read from its beginning unless it is known already. One
     * that was let go is read on.
     */
    public void openLane(String topic) {
        sources.computeIfAbsent(
                        new TopicPartition(topic, 0), lane -> new Source(lane, Frontier.at(0)))
                .wake();
    }

    /** Adds a partition of an inbox; it is read from its beginning unless it is known already. */
    public void openInbox(TopicPartition partition) {
        var _ = sources.computeIfAbsent(partition, inbox -> new Source(inbox, Frontier.at(0)));
    }

    /** Returns the wait lane of a tenant, if it has one. */
    public Optional<WaitLane> waitLane(TenantId tenant) {
        return waitLane(TenantTopics.waitLane(tenant));
    }

    /** Returns the wait lane with that topic, if it is one that the slot has. */
    public Optional<WaitLane> waitLane(String topic) {
        return Optional.ofNullable(waitLanes.get(topic));
    }

    /** Returns the wait lane of a tenant, which is read from now on. */
    public WaitLane openWaitLane(TenantId tenant) {
        String topic = TenantTopics.waitLane(tenant);
        openLane(topic);
        return waitLanes.computeIfAbsent(topic, _ -> new WaitLane(false));
    }

    /** Takes note of the wish that a job or a batch ends. */
    public void cancel(Cancel cancel) {
        cancelled.add(cancel);
    }

    /** Returns how many wishes that something ends have come under this ownership. */
    public long wishes() {
        return cancelled.wishes();
    }

    /** Returns the wish that a job ends, if there is one. */
    public Optional<Cancel> cancellation(Submit submit) {
        return cancelled.of(submit);
    }

    /** Returns the records of inboxes that came with idempotency keys. */
    public Keyed keyed() {
        return keyed;
    }

    Cancelled cancelled() {
        return cancelled;
    }

    /** Returns the topics of the lanes, in order. */
    Set<String> lanes() {
        Set<String> lanes = new TreeSet<>();
        for (TopicPartition partition : sources.keySet()) {
            if (partition.topic().startsWith("lanes.")) {
                lanes.add(partition.topic());
            }
        }
        return lanes;
    }

    /** Returns what was settled for a tenant, key or model so far. */
    public SpendLedger spend(Spender spender) {
        return spend.getOrDefault(spender, NOTHING);
    }

    void spent(Spender spender, SpendLedger ledger) {
        spend.put(spender, ledger);
    }

    /** Returns all attempts that a former owner journalled for records that are not settled. */
    public List<PriorAttempt> priorAttempts() {
        return prior.values().stream()
                .flatMap(byOffset -> byOffset.values().stream())
                .flatMap(List::stream)
                .toList();
    }

    /** Returns the attempts that a former owner journalled for a record that is not settled. */
    public List<PriorAttempt> priorAttempts(TopicPartition partition, long offset) {
        return prior.getOrDefault(partition, new TreeMap<>()).getOrDefault(offset, List.of());
    }

    /** Returns the attempts, the last of their records, that may still run where they started. */
    public List<PriorAttempt> openAttempts() {
        return prior.values().stream()
                .flatMap(byOffset -> byOffset.values().stream())
                .map(List::getLast)
                .filter(PriorAttempt::isOpen)
                .toList();
    }

    /**
     * Takes note that an attempt is about to be journalled.
     *
     * @return an offset that it will not lie below, to be given back with what came of it
     */
    public long attemptAnnounced() {
        return attempts.announce();
    }

    /** Takes note that an announced attempt is journalled. */
    public void attemptStarted(long floor, long journalOffset) {
        attempts.started(floor, journalOffset);
    }

    /** Takes note that an announced attempt will not be made. */
    public void attemptNotStarted(long floor) {
        attempts.withdraw(floor);
    }

    void attemptsSettled(Collection<Long> journalOffsets) {
        attempts.settled(journalOffsets);
    }

    /** Returns the offset in attempts below which none is open once those are settled. */
    long attemptsFrom(Set<Long> settling) {
        return attempts.from(settling);
    }

    private static List<Long> journalOffsets(
            Map<TopicPartition, NavigableMap<Long, List<PriorAttempt>>> prior) {
        return prior.values().stream()
                .flatMap(byOffset -> byOffset.values().stream())
                .flatMap(List::stream)
                .map(PriorAttempt::journalOffset)
                .toList();
    }
}
