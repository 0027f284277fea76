package io.millrace.dispatcher.provider.openai;

import io.millrace.dispatcher.provider.json.Dialect;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** OpenAI's dialect: base URLs have the version in them, the key is a bearer token. */
public final class OpenAi implements Dialect {

    @Override
    public Optional<String> list(String endpoint) {
        return Endpoints.list(endpoint);
    }

    @Override
    public URI address(String baseUrl, String endpoint) {
        return Endpoints.address(baseUrl, endpoint);
    }

    @Override
    public Map<String, String> headers(Optional<String> key) {
        return key.map(value -> Map.of("Authorization", "Bearer " + value)).orElse(Map.of());
    }
}
