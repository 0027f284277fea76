package io.millrace.dispatcher.provider.openai;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** The endpoints of the dialect, and the list that makes the shape of each one's answer. */
final class Endpoints {

    static final String EMBEDDINGS = "/v1/embeddings";

    private static final String VERSION = "/v1";
    private static final Map<String, String> LISTS =
            Map.of(
                    "/v1/chat/completions",
                    "choices",
                    "/v1/completions",
                    "choices",
                    EMBEDDINGS,
                    "data",
                    "/v1/responses",
                    "output");

    private Endpoints() {}

    /** Returns the name of the list in an endpoint's answers, if the dialect has the endpoint. */
    static Optional<String> list(String endpoint) {
        return Optional.ofNullable(LISTS.get(endpoint));
    }

    /** Returns the address of an endpoint: a base URL has the version in it already. */
    static URI address(String baseUrl, String endpoint) {
        String base = baseUrl.endsWith("/") ? baseUrl.substring(0, baseUrl.length() - 1) : baseUrl;
        return URI.create(base + endpoint.substring(VERSION.length()));
    }
}
