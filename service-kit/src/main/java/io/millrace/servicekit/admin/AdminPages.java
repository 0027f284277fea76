package io.millrace.servicekit.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What the services of a process show of themselves at the admin port, besides health and metrics:
 * JSON by name, under {@code /v1/admin/}. Thread-safe.
 */
public final class AdminPages {

    private final Map<String, Supplier<JsonNode>> pages = new ConcurrentHashMap<>();

    /**
     * Adds a page; the supplier must answer at once, and with nothing secret.
     *
     * @param name one segment of a path, such as {@code dispatchers}
     */
    public void add(String name, Supplier<JsonNode> page) {
        pages.put(name, page);
    }

    Optional<JsonNode> page(String name) {
        return Optional.ofNullable(pages.get(name)).map(Supplier::get);
    }
}
