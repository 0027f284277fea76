package io.millrace.dispatcher.settlement;

/** What settlement tells the outside. Thread-safe. */
public interface SettlementMeters {

    /** A transaction was committed. */
    void committed(int settlements, long nanos);

    /** A transaction failed and left nothing. */
    void failed();

    /**
     * The cluster refused this process: it was expelled from the group, or its producer was fenced.
     *
     * @param whom expelled or fenced
     */
    void fenced(String whom);

    /** Settlements of slots that are lost were dropped. */
    void dropped(int settlements);
}
