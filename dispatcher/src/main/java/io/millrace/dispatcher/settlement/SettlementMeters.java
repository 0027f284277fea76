package io.millrace.dispatcher.settlement;

/** What settlement tells the outside. Thread-safe. */
public interface SettlementMeters {

    /** A transaction was committed. */
    void committed(int settlements, long nanos);

    /** A transaction failed and left nothing. */
    void failed();

    /** Settlements of slots that are lost were dropped. */
    void dropped(int settlements);
}
