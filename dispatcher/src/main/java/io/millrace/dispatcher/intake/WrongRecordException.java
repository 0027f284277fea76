package io.millrace.dispatcher.intake;

/** What is wrong with a record of an inbox, for good. */
final class WrongRecordException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String reason;
    private final String said;
    private final String param;

    /**
     * @param reason stable code
     * @param said for a person
     * @param param the field it is about; empty when no single one is
     */
    WrongRecordException(String reason, String said, String param) {
        super(said, null, false, false); // nobody looks at where it came from
        this.reason = reason;
        this.said = said;
        this.param = param;
    }

    String reason() {
        return reason;
    }

    String said() {
        return said;
    }

    String param() {
        return param;
    }
}
