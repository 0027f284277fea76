package io.millrace.servicekit.admin;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The health of a process: what each of its parts says of itself. Thread-safe. */
public final class Health {

    /** What a part says of itself. */
    public sealed interface State {

        /** It does its work. */
        record Ready() implements State {}

        /** It cannot work yet, or not at the moment, but is sound. */
        record Waiting(String reason) implements State {}

        /** It cannot work, and only a restart may help. */
        record Broken(String reason) implements State {}
    }

    private final Map<String, Supplier<State>> parts = new ConcurrentHashMap<>();

    /** Adds a part; the supplier must answer at once. */
    public void add(String part, Supplier<State> state) {
        parts.put(part, state);
    }

    /** Removes a part. */
    public void remove(String part) {
        parts.remove(part);
    }

    /** Returns the state of each part by its name. */
    public Map<String, State> states() {
        Map<String, State> states = new TreeMap<>();
        parts.forEach((part, state) -> states.put(part, said(state)));
        return states;
    }

    /** Returns whether every part is ready, and there is one. */
    public boolean ready() {
        return ready(states());
    }

    /** Returns whether no part is broken. */
    public boolean live() {
        return live(states());
    }

    static boolean ready(Map<String, State> states) {
        return !states.isEmpty()
                && states.values().stream().allMatch(State.Ready.class::isInstance);
    }

    static boolean live(Map<String, State> states) {
        return states.values().stream().noneMatch(State.Broken.class::isInstance);
    }

    // A part that cannot tell is not ready, but that alone is no reason to restart the process.
    private static State said(Supplier<State> state) {
        try {
            return state.get();
        } catch (RuntimeException e) {
            return new State.Waiting("cannot tell: " + e.getMessage());
        }
    }
}
