package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.dispatcher.routing.Signal;
import io.millrace.schemas.money.Usage;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** What an outcome says of the target that it came from. */
final class Signals {

    private static final int TIMEOUT = 408;
    private static final int TOO_MANY = 429;
    private static final int BROKEN = 500;

    private Signals() {}

    static Signal of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Completed _, Outcome.Refused _ -> new Signal.Answered();
            case Outcome.Retryable(int status, _, ProviderError error, Optional<Duration> after) ->
                    retryable(status, error, after);
            case Outcome.Unknown(String reason, _) ->
                    reason.equals("interrupted")
                            ? new Signal.Nothing()
                            : new Signal.Overloaded(Optional.empty());
        };
    }

    /** Returns the tokens it used; of an unknown outcome what was reserved is assumed. */
    static OptionalLong used(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Completed(_, _, Usage usage) -> OptionalLong.of(usage.total().count());
            case Outcome.Refused(_, _, _, Usage usage) -> OptionalLong.of(usage.total().count());
            case Outcome.Retryable _ -> OptionalLong.of(0);
            case Outcome.Unknown _ -> OptionalLong.empty();
        };
    }

    static OptionalLong output(Outcome outcome) {
        return outcome instanceof Outcome.Completed(_, _, Usage usage)
                ? OptionalLong.of(usage.output().count())
                : OptionalLong.empty();
    }

    private static Signal retryable(int status, ProviderError error, Optional<Duration> after) {
        if (error.code().equals(ProviderError.KEY_SET_ASIDE)) {
            return new Signal.Nothing(); // another key goes on
        }
        boolean overloaded =
                status == 0 || status == TIMEOUT || status == TOO_MANY || status >= BROKEN;
        return overloaded ? new Signal.Overloaded(after) : new Signal.Nothing();
    }
}
