package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.PriorAttempt;
import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.avro.Handoff;
import io.millrace.schemas.avro.SourcePosition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Calls that were running when their slot came here, and whose outcome is waited for.
 *
 * <p>An attempt is expected from the moment the slot is ours; its job comes when its record is
 * read, its outcome when it is handed over or given up, and whichever is second settles it. What
 * comes after that is ignored. Thread-safe.
 */
public final class Adoptions {

    /**
     * An attempt whose outcome is waited for.
     *
     * @param slot the slot it belongs to now
     * @param started what was journalled at its start
     * @param journalOffset offset of that record in attempts
     */
    public record Open(OwnedSlot slot, AttemptStarted started, long journalOffset) {}

    /** What is known of an attempt in the end. */
    sealed interface Found {

        /** Its outcome was handed over. */
        record Told(Handoff handoff) implements Found {}

        /** Nobody will ever tell: its process is gone, or its deadline has passed. */
        record GivenUp(String reason) implements Found {}
    }

    /** Takes a job whose attempt elsewhere has come to an end. */
    @FunctionalInterface
    interface Settled {

        /** Goes on with the job; may block, and does not throw. */
        void take(Job job, PriorAttempt attempt, Found found);
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<OwnedSlot, Map<SourcePosition, Adoption>> slots = new HashMap<>();
    private final Settled settled;
    private final Background background;

    Adoptions(Settled settled, Background background) {
        this.settled = settled;
        this.background = background;
    }

    /** Expects the outcomes of what was running when the slot came; before its records are read. */
    public void expect(OwnedSlot slot) {
        Map<SourcePosition, Adoption> expected = new HashMap<>();
        for (PriorAttempt attempt : slot.openAttempts()) {
            expected.put(attempt.started().getSource(), new Adoption(attempt));
        }
        lock.lock();
        try {
            slots.keySet().removeIf(each -> !each.isOwned());
            if (!expected.isEmpty()) {
                slots.put(slot, expected);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether the job's last attempt is expected; then the job is taken. */
    boolean take(Job job) {
        lock.lock();
        try {
            Map<SourcePosition, Adoption> expected = slots.get(job.slot());
            Adoption adoption = expected == null ? null : expected.get(job.position());
            if (adoption == null) {
                return false;
            }
            adoption.job = Optional.of(job);
            conclude(job.slot(), adoption);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Takes an outcome that was handed over for a slot. */
    public void handedOver(OwnedSlot slot, Handoff handoff) {
        found(
                slot,
                handoff.getSource(),
                handoff.getAttempt(),
                handoff.getProcess(),
                handoff.getStartedAt(),
                new Found.Told(handoff));
    }

    /** Gives an attempt up: its outcome is unknown. */
    public void giveUp(Open open, String reason) {
        found(
                open.slot(),
                open.started().getSource(),
                open.started().getAttempt(),
                open.started().getProcess(),
                open.started().getStartedAt(),
                new Found.GivenUp(reason));
    }

    /** Returns what is waited for in the slots that are owned. */
    public List<Open> open() {
        lock.lock();
        try {
            slots.keySet().removeIf(slot -> !slot.isOwned());
            List<Open> open = new ArrayList<>();
            slots.forEach((slot, expected) -> {
                for (Adoption adoption : expected.values()) {
                    if (adoption.found.isEmpty()) {
                        open.add(
                                new Open(
                                        slot,
                                        adoption.attempt.started(),
                                        adoption.attempt.journalOffset()));
                    }
                }
            });
            return open;
        } finally {
            lock.unlock();
        }
    }

    /** Returns the job of that id, if its call still runs elsewhere. */
    Optional<Job> find(String id) {
        lock.lock();
        try {
            return slots.values().stream()
                    .flatMap(expected -> expected.values().stream())
                    .flatMap(adoption -> adoption.job.stream())
                    .filter(job -> job.submit().getJobId().equals(id))
                    .findFirst();
        } finally {
            lock.unlock();
        }
    }

    private void found(
            OwnedSlot slot,
            SourcePosition source,
            int attempt,
            String process,
            Instant startedAt,
            Found found) {
        lock.lock();
        try {
            Map<SourcePosition, Adoption> expected = slots.get(slot);
            Adoption adoption = expected == null ? null : expected.get(source);
            if (adoption != null
                    && adoption.isOf(attempt, process, startedAt)
                    && adoption.found.isEmpty()) {
                adoption.found = Optional.of(found);
                conclude(slot, adoption);
            }
        } finally {
            lock.unlock();
        }
    }

    private void conclude(OwnedSlot slot, Adoption adoption) {
        if (adoption.job.isEmpty() || adoption.found.isEmpty()) {
            return;
        }
        Map<SourcePosition, Adoption> expected = slots.getOrDefault(slot, Map.of());
        expected.remove(adoption.attempt.started().getSource());
        if (expected.isEmpty()) {
            slots.remove(slot);
        }
        Job job = adoption.job.get();
        Found found = adoption.found.get();
        background.run("adoption", () -> settled.take(job, adoption.attempt, found));
    }

    private static final class Adoption {

        private final PriorAttempt attempt;
        private Optional<Job> job = Optional.empty();
        private Optional<Found> found = Optional.empty();

        Adoption(PriorAttempt attempt) {
            this.attempt = attempt;
        }

        // a process makes one of the same number again when the journal did not answer the first
        boolean isOf(int number, String process, Instant startedAt) {
            AttemptStarted started = attempt.started();
            return started.getAttempt() == number
                    && started.getProcess().equals(process)
                    && started.getStartedAt().equals(startedAt);
        }
    }
}
