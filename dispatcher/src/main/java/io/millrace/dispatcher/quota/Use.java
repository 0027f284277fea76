package io.millrace.dispatcher.quota;

import io.millrace.schemas.money.NanoDollars;
import io.millrace.schemas.money.Tokens;

/** What became of what was held for a call. */
public sealed interface Use {

    /** The call was not made: all of it is free again. */
    record NotCalled() implements Use {}

    /** The call was made and used nothing: it counts as a request, and the rest is free again. */
    record Nothing() implements Use {}

    /** The call used that much, which its job will be charged with. */
    record Known(Tokens tokens, NanoDollars cost) implements Use {}

    /**
     * Nobody knows what the call used. It is not charged for, so its money is free again; in the
     * window of a minute it counts as much as it may have used.
     */
    record Unknown() implements Use {}
}
