package io.millrace.ingress.admission;

import io.millrace.ingress.http.ApiError;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The answer to a wish. */
public sealed interface Verdict {

    /**
     * It may become a job.
     *
     * @param expiresAt when it expires; null for never
     */
    record Admitted(@Nullable Instant expiresAt) implements Verdict {}

    /** It may not. */
    record Refused(ApiError error) implements Verdict {}
}
