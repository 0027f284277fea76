package io.millrace.dispatcher.provider.anthropic;

import io.millrace.dispatcher.provider.json.Dialect;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Anthropic's dialect: messages only, base URLs without the version, the key in a header of its own
 * beside the version of the API (docs.anthropic.com, "API overview").
 */
public final class Anthropic implements Dialect {

    private static final String MESSAGES = "/v1/messages";
    private static final String VERSION = "2023-06-01";

    @Override
    public Optional<String> list(String endpoint) {
        return endpoint.equals(MESSAGES) ? Optional.of("content") : Optional.empty();
    }

    @Override
    public URI address(String baseUrl, String endpoint) {
        String base = baseUrl.endsWith("/") ? baseUrl.substring(0, baseUrl.length() - 1) : baseUrl;
        return URI.create(base + endpoint);
    }

    @Override
    public Map<String, String> headers(Optional<String> key) {
        Map<String, String> headers = new HashMap<>();
        headers.put("anthropic-version", VERSION);
        key.ifPresent(value -> headers.put("x-api-key", value));
        return headers;
    }
}
