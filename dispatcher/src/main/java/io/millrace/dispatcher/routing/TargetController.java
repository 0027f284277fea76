package io.millrace.dispatcher.routing;

import java.time.Duration;
import java.time.Instant;

/**
 * The controller of one target: circuit breaker, cooldown and adaptive limit in one number, the
 * calls that may run at the same time.
 *
 * <pre>
 *               overloaded: limit / 2                  Retry-After, or limit below 1
 *   OPEN ───────────────────────────► OPEN ─────────────────────────────────────► CLOSED
 *     ▲  answered: limit + a step                                                 │  ▲
 *     │                                                        the time has come  ▼  │ overloaded
 *     └──────────────────────────────── answered ◄──────────────────────────── PROBING
 * </pre>
 *
 * <p>As with TCP, all calls that were on their way when the limit was cut count as one sign of
 * overload: what they met was the old limit. Not thread-safe.
 */
public final class TargetController {

    /** What a target is open to. */
    public enum State {
        /** Calls up to the limit. */
        OPEN,
        /** One call, whose end decides. */
        PROBING,
        /** Nothing, until a time. */
        CLOSED
    }

    /** One call under control. */
    public static final class Hold {

        private final Instant since;
        private final boolean probe;
        private boolean ended;

        private Hold(Instant since, boolean probe) {
            this.since = since;
            this.probe = probe;
        }
    }

    private static final int ROUNDS_TO_FULL = 20;
    private static final Duration FIRST_COOLDOWN = Duration.ofSeconds(1);
    private static final Duration LONGEST_COOLDOWN = Duration.ofSeconds(30);

    private int maximum;
    private double limit;
    private int inFlight;
    private State state = State.OPEN;
    private boolean probeRuns;
    private Instant closedUntil = Instant.MIN;
    private Instant lastCut = Instant.MIN;
    private Duration cooldown = FIRST_COOLDOWN;

    /**
     * Makes a controller that begins with its maximum.
     *
     * @param maximum most calls at the same time, 0 or more
     */
    public TargetController(int maximum) {
        this.maximum = requireMaximum(maximum);
        this.limit = maximum;
    }

    /** Follows a change of the maximum; a limit that was at the top stays there. */
    public void resize(int most) {
        boolean top = limit >= maximum;
        maximum = requireMaximum(most);
        limit = top ? maximum : Math.min(limit, maximum);
    }

    /** Returns how many calls may run now, those that do included. */
    public int limit(Instant now) {
        return switch (state(now)) {
            case OPEN -> (int) Math.min(maximum, Math.max(1, limit));
            // calls from before the fall may still run beside the probe
            case PROBING -> maximum == 0 ? 0 : probeRuns ? inFlight : inFlight + 1;
            case CLOSED -> 0;
        };
    }

    /** Returns what it is open to. */
    public State state(Instant now) {
        return state == State.CLOSED && !now.isBefore(closedUntil) ? State.PROBING : state;
    }

    /** Returns how many calls run. */
    public int inFlight() {
        return inFlight;
    }

    /** Returns until when it is closed; a time that has passed when it is not. */
    public Instant closedUntil() {
        return closedUntil;
    }

    /** Notes that a call starts. */
    public Hold start(Instant now) {
        state = state(now);
        boolean probe = state == State.PROBING && !probeRuns;
        probeRuns |= probe;
        inFlight++;
        return new Hold(now, probe);
    }

    /** Notes how a call ended; once a call. */
    public void end(Hold hold, Signal signal, Instant now) {
        if (hold.ended) {
            return;
        }
        hold.ended = true;
        inFlight--;
        if (hold.probe) {
            probeRuns = false;
        }
        switch (signal) {
            case Signal.Answered() -> answered(hold, now);
            case Signal.Overloaded(var after) -> {
                boolean news = hold.probe || !hold.since.isBefore(lastCut);
                cut(news, now);
                after.filter(Duration::isPositive).ifPresent(wait -> close(now.plus(wait)));
                if (hold.probe || (news && state == State.OPEN && limit < 1)) {
                    close(now.plus(cooldown));
                    cooldown = doubled();
                }
            }
            case Signal.Nothing() -> {}
        }
    }

    private void answered(Hold hold, Instant now) {
        if (hold.probe && !now.isBefore(closedUntil)) {
            state = State.OPEN;
            limit = Math.min(maximum, Math.max(1, limit));
            cooldown = FIRST_COOLDOWN;
        } else if (state == State.OPEN) {
            cooldown = FIRST_COOLDOWN;
            double step = Math.max(1.0, (double) maximum / ROUNDS_TO_FULL);
            limit = Math.min(maximum, limit + step / Math.max(1, limit));
        }
    }

    private void cut(boolean news, Instant now) {
        if (news) {
            limit = limit <= 1 ? 0 : Math.max(1, limit / 2);
            lastCut = now;
        }
    }

    private void close(Instant until) {
        // once the time has come the state is PROBING, and a new word closes it again
        closedUntil = until.isAfter(closedUntil) ? until : closedUntil;
        state = State.CLOSED;
    }

    private Duration doubled() {
        Duration twice = cooldown.multipliedBy(2);
        return twice.compareTo(LONGEST_COOLDOWN) > 0 ? LONGEST_COOLDOWN : twice;
    }

    private static int requireMaximum(int maximum) {
        if (maximum < 0) {
            throw new IllegalArgumentException("maximum must be 0 or more, but was " + maximum);
        }
        return maximum;
    }
}
