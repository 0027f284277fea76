package io.millrace.usageaggregator.query;

/** A question that cannot be answered as it is asked; the message is for the client. */
final class BadParameterException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String parameter;
    private final String code;

    BadParameterException(String parameter, String code, String reason) {
        super("'%s' %s".formatted(parameter, reason));
        this.parameter = parameter;
        this.code = code;
    }

    static BadParameterException invalid(String parameter, String reason) {
        return new BadParameterException(parameter, "invalid_value", reason);
    }

    String parameter() {
        return parameter;
    }

    String code() {
        return code;
    }
}
