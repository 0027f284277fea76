package io.millrace.simulatedprovider.dialect;

/** The body of a request is no question of its endpoint. */
public final class InvalidInquiryException extends Exception {

    private static final long serialVersionUID = 1;

    private final String model;
    private final String reason;

    InvalidInquiryException(String model, String reason) {
        super(reason);
        this.model = model;
        this.reason = reason;
    }

    /** The model asked for, empty when even that is not to be seen. */
    public String model() {
        return model;
    }

    /** What is wrong, for the client. */
    public String reason() {
        return reason;
    }
}
