package io.millrace.ingress.jobs;

import io.helidon.webserver.http.ServerResponse;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.RateLeft;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells a client what is left of its requests and tokens a minute, in OpenAI's headers and in those
 * of the IETF's draft on RateLimit fields. The figures are the slot's owner's, of the moment at
 * which the job ended, or of the last second when a job is accepted. Without a limit there is no
 * header.
 */
final class RateHeaders {

    private static final int WINDOW_SECONDS = 60;
    private static final int WARN_FROM_PERCENT = 80;

    private final List<String> policies = new ArrayList<>();
    private final List<String> limits = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    private RateHeaders() {}

    /** Writes what a result tells. */
    static void write(ServerResponse answer, InferenceResult result) {
        write(answer, new RatesLeft.Left(result.getRequestsLeft(), result.getTokensLeft()));
    }

    /** Writes what is left. */
    static void write(ServerResponse answer, RatesLeft.Left left) {
        RateHeaders headers = new RateHeaders();
        headers.add(answer, "requests", left.requests());
        headers.add(answer, "tokens", left.tokens());
        headers.end(answer);
    }

    private void add(ServerResponse answer, String what, @Nullable RateLeft left) {
        if (left == null) {
            return;
        }
        long seconds = (left.getResetMs() + 999) / 1000;
        answer.header("x-ratelimit-limit-" + what, String.valueOf(left.getLimit()));
        answer.header("x-ratelimit-remaining-" + what, String.valueOf(left.getRemaining()));
        answer.header("x-ratelimit-reset-" + what, seconds + "s");
        policies.add("\"%s\";q=%d;w=%d".formatted(what, left.getLimit(), WINDOW_SECONDS));
        limits.add("\"%s\";r=%d;t=%d".formatted(what, left.getRemaining(), seconds));
        double used = 100.0 * (left.getLimit() - left.getRemaining()) / left.getLimit();
        if (used >= WARN_FROM_PERCENT) {
            warnings.add("%s; used=%d%%".formatted(what, (int) used));
        }
    }

    private void end(ServerResponse answer) {
        if (!policies.isEmpty()) {
            answer.header("RateLimit-Policy", String.join(", ", policies));
            answer.header("RateLimit", String.join(", ", limits));
        }
        if (!warnings.isEmpty()) {
            answer.header("x-ratelimit-warning", String.join(", ", warnings));
        }
    }
}
