package io.millrace.dispatcher.provider.json;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** What differs between providers that take and give JSON over HTTP. Thread-safe. */
public interface Dialect {

    /** Returns the list that makes the shape of an endpoint's answers, if it has the endpoint. */
    Optional<String> list(String endpoint);

    /** Returns the address of an endpoint under a base URL as the dialect's own SDK calls it. */
    URI address(String baseUrl, String endpoint);

    /** Returns the headers that name the caller. */
    Map<String, String> headers(Optional<String> key);
}
