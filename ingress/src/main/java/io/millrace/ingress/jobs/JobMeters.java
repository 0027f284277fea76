package io.millrace.ingress.jobs;

/** Counts what becomes of wishes. Implementations are thread-safe. */
public interface JobMeters {

    /** A job was accepted. */
    void accepted(boolean synchronous);

    /** A wish was refused, for a reason of a bounded number of codes. */
    void refused(String code);
}
