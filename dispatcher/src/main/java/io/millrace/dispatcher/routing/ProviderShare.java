package io.millrace.dispatcher.routing;

/**
 * The part of a provider's limit that this process may use, as all dispatchers share it.
 *
 * <p>{@link SlotShare} shares it by slots; a holder of leases can take its place. Thread-safe.
 */
@FunctionalInterface
public interface ProviderShare {

    /** All of it: there is no other process. */
    ProviderShare WHOLE = (_, limit) -> limit;

    /**
     * Returns the part of a limit of a provider: calls at the same time, or units a minute.
     *
     * @param limit what the provider allows all of us
     */
    long of(String provider, long limit);
}
