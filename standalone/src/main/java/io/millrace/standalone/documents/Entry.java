package io.millrace.standalone.documents;

/**
 * What the manifest knows of a document.
 *
 * @param fingerprint of the document and the task when it was last asked about
 * @param state how that stands
 * @param detail the batch's input file of what runs, the result's file of what is done, the reason
 *     of what failed
 */
record Entry(String fingerprint, State state, String detail) {

    /** How a document stands. */
    enum State {
        /** A line of a batch that may run. */
        RUNNING,
        /** Its result is written. */
        DONE,
        /** To be asked again next time. */
        FAILED
    }

    Entry ended(State end, String how) {
        return new Entry(fingerprint, end, how);
    }
}
