package io.millrace.ingress.admission;

import io.millrace.ingress.http.ApiError;

/** Whether a tenant's queue takes more work. */
public sealed interface QueueVerdict {

    /** It does. */
    record Room() implements QueueVerdict {}

    /** It does not. */
    record Full(ApiError error) implements QueueVerdict {}
}
