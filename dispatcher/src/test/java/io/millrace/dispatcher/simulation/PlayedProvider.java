package io.millrace.dispatcher.simulation;

import io.millrace.dispatcher.execution.ExecutionSeam;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.ProviderCall;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.schemas.money.Usage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A provider whose every answer names the call it answers. */
record PlayedProvider(World world) {

    private static final ProviderError BUSY =
            new ProviderError("overloaded", "busy", "server_error");
    private static final ProviderError LATE = new ProviderError("deadline", "late", "timeout");
    // into the first retry topic, and the second
    private static final List<Duration> LATER =
            List.of(Duration.ofSeconds(4), Duration.ofSeconds(3), Duration.ofSeconds(12));
    private static final int OK = 200;
    private static final int BAD_REQUEST = 400;
    private static final int TOO_MANY = 429;

    /** What a call comes to, and after how long. */
    record Answer(Outcome outcome, Duration took) {}

    /** Decides what a call comes to; its connection is closed at its deadline. */
    Answer answer(ProviderCall call) {
        Outcome outcome = outcome(call);
        Duration took = duration(outcome);
        Duration left = Duration.between(world.now(), call.deadline());
        if (took.compareTo(left) <= 0) {
            return new Answer(outcome, took);
        }
        Duration most = left.isNegative() ? Duration.ZERO : left;
        return new Answer(new Outcome.Unknown("deadline", LATE), most);
    }

    private Outcome outcome(ProviderCall call) {
        Kernel kernel = world.kernel();
        byte[] body =
                Referee.key(call.job().value(), call.attempt()).getBytes(StandardCharsets.UTF_8);
        int most = (int) ExecutionSeam.MOST_TOKENS;
        Usage used = Usage.of(1 + kernel.random.nextInt(most), kernel.random.nextInt(most + 1));
        int dice = world.isQuiet() ? 0 : kernel.random.nextInt(100);
        if (dice < 68) {
            return new Outcome.Completed(OK, body, used);
        }
        if (dice < 76) {
            return new Outcome.Refused(BAD_REQUEST, body, BUSY, used);
        }
        if (dice < 84) {
            return new Outcome.Retryable(TOO_MANY, body, BUSY, Optional.empty());
        }
        if (dice < 95) {
            return new Outcome.Retryable(
                    TOO_MANY,
                    body,
                    BUSY,
                    Optional.of(LATER.get(kernel.random.nextInt(LATER.size()))));
        }
        return new Outcome.Unknown("deadline", LATE);
    }

    private Duration duration(Outcome outcome) {
        return outcome instanceof Outcome.Unknown
                ? Duration.ofSeconds(6)
                : world.kernel().between(5, world.kernel().oneIn(3) ? 5_000 : 600);
    }
}
