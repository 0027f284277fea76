package io.millrace.ingress.admission;

import io.millrace.ingress.http.ApiError;

/** What became of reading a request. */
public sealed interface Reading {

    /** It says what is wanted. */
    record Read(JobWish wish) implements Reading {}

    /** It does not. */
    record Unreadable(ApiError error) implements Reading {}
}
