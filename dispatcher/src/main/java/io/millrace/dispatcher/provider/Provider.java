package io.millrace.dispatcher.provider;

import java.util.Optional;

/** Something that answers inference calls. Thread-safe. */
public interface Provider extends AutoCloseable {

    /**
     * Makes one call and waits for its outcome, at the latest until its deadline. Whatever the
     * provider does, an outcome is returned; interrupting the thread closes the connection and
     * gives {@link Outcome.Unknown}.
     */
    Outcome call(ProviderCall call);

    /** Returns what it last said is left of its limits, if it ever did. */
    default Optional<Remaining> remaining() {
        return Optional.empty();
    }

    @Override
    void close();
}
