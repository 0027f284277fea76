package io.millrace.dispatcher.routing;

import java.time.Duration;
import java.util.Optional;

/** What the end of a call says of the target it went to. */
public sealed interface Signal {

    /** The target answered; that it refused a request is no fault of its own. */
    record Answered() implements Signal {}

    /**
     * The target is overloaded, broken or silent: 429, 5xx, a timeout, no connection.
     *
     * @param after how long it asked to be left alone, when it said so
     */
    record Overloaded(Optional<Duration> after) implements Signal {}

    /** The end says nothing of the target: the call was not made, or only its key was at fault. */
    record Nothing() implements Signal {}
}
