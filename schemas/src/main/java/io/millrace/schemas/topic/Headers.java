package io.millrace.schemas.topic;

/** The names of the record headers that Millrace reads and writes; values are UTF-8. */
public final class Headers {

    /** W3C trace context of the request that a record comes from. */
    public static final String TRACEPARENT = "traceparent";

    /** Names a record of an inbox, so that its repetition makes nothing new. */
    public static final String IDEMPOTENCY_KEY = "idempotency-key";

    /** Id of the CloudEvent that a record is. */
    public static final String CE_ID = "ce_id";

    /** Version of the CloudEvents specification. */
    public static final String CE_SPECVERSION = "ce_specversion";

    /** Where the CloudEvent comes from. */
    public static final String CE_SOURCE = "ce_source";

    /** Kind of the CloudEvent. */
    public static final String CE_TYPE = "ce_type";

    /** What in its source the CloudEvent is about. */
    public static final String CE_SUBJECT = "ce_subject";

    /** When the CloudEvent came about, in RFC 3339. */
    public static final String CE_TIME = "ce_time";

    /** Media type of the value. */
    public static final String CONTENT_TYPE = "content-type";

    private Headers() {}
}
