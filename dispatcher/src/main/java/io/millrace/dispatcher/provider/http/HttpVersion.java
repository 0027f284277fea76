package io.millrace.dispatcher.provider.http;

/** A version of HTTP that providers are called with. */
public enum HttpVersion {
    /** HTTP/1.1: a connection carries one call at a time. */
    V1_1,
    /** HTTP/2: a connection carries many. By ALPN over TLS, else by prior knowledge. */
    V2;

    /**
     * Returns the version that a configured text names.
     *
     * @throws IllegalArgumentException when it is neither {@code 1.1} nor {@code 2}
     */
    public static HttpVersion of(String text) {
        return switch (text) {
            case "1.1" -> V1_1;
            case "2" -> V2;
            default ->
                    throw new IllegalArgumentException(
                            "http.version must be 1.1 or 2, but was '%s'".formatted(text));
        };
    }
}
