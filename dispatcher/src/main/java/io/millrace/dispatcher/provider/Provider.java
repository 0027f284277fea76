package io.millrace.dispatcher.provider;

/** Something that answers inference calls. Thread-safe. */
public interface Provider extends AutoCloseable {

    /**
     * Makes one call and waits for its outcome, at the latest until its deadline. Whatever the
     * provider does, an outcome is returned; interrupting the thread closes the connection and
     * gives {@link Outcome.Unknown}.
     */
    Outcome call(ProviderCall call);

    @Override
    void close();
}
