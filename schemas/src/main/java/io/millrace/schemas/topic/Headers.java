package io.millrace.schemas.topic;

/** The names of the record headers that Millrace reads and writes; values are UTF-8. */
public final class Headers {

    /** W3C trace context of the request that a record comes from. */
    public static final String TRACEPARENT = "traceparent";

    private Headers() {}
}
