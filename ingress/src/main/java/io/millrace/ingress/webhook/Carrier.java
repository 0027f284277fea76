package io.millrace.ingress.webhook;

/** Brings an event to its receiver, once. Implementations are thread-safe. */
@FunctionalInterface
interface Carrier {

    /** Returns what the receiver answered, in bounded time; never throws for what it does. */
    Answer carry(Post post);
}
