package io.millrace.ingress.admission;

import io.millrace.ingress.auth.Caller;
import io.millrace.ingress.control.Control;
import io.millrace.ingress.http.ApiError;
import java.time.Duration;
import java.time.Instant;

/** Decides whether a wish may become a job. */
public final class Admission {

    private static final Duration LONGEST = Duration.ofDays(30);

    private Admission() {}

    /** Judges a wish of that caller at that moment. */
    public static Verdict judge(JobWish wish, Caller caller, Control control, Instant now) {
        if (!known(wish.model(), caller, control)) {
            return new Verdict.Refused(unknownModel(wish.model()));
        }
        Instant expiresAt = wish.window() == null ? wish.expiresAt() : now.plus(wish.window());
        if (expiresAt == null) {
            return new Verdict.Admitted(null);
        }
        if (!expiresAt.isAfter(now) || expiresAt.isAfter(now.plus(LONGEST))) {
            return new Verdict.Refused(
                    ApiError.invalid(
                            "invalid_value",
                            "expires_at must be in the future, at most 30 days from now.",
                            "expires_at"));
        }
        return new Verdict.Admitted(expiresAt);
    }

    /** Returns whether the caller may use a model of that name; what it may not, it cannot see. */
    public static boolean known(String model, Caller caller, Control control) {
        return caller.mayUse(model) && control.model(model).isPresent();
    }

    /** Returns the error of a model that is not there, or not for this caller. */
    public static ApiError unknownModel(String model) {
        String shown = model.length() > 100 ? model.substring(0, 100) + "…" : model;
        return new ApiError(
                404,
                "invalid_request_error",
                "model_not_found",
                "The model '%s' does not exist or you do not have access to it.".formatted(shown),
                "model",
                Duration.ZERO,
                false);
    }
}
