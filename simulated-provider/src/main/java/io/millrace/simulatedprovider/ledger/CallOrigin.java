package io.millrace.simulatedprovider.ledger;

/**
 * Whose call it is and what it asks for, as the request says; each text is cut to {@value #LONGEST}
 * characters.
 *
 * @param job empty when the request does not say, as are the others
 */
public record CallOrigin(
        String job, String attempt, String traceparent, String path, String model) {

    private static final int LONGEST = 256;

    public CallOrigin {
        job = cut(job);
        attempt = cut(attempt);
        traceparent = cut(traceparent);
        path = cut(path);
        model = cut(model);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    }
}
