package io.millrace.servicekit.admin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the services of a process show of themselves at the admin port, besides health and metrics:
 * JSON by name, under {@code /v1/admin/}. Thread-safe.
 */
public final class AdminPages {

    private final Map<String, Supplier<JsonNode>> pages = new ConcurrentHashMap<>();
    private final Map<String, Function<String, Optional<JsonNode>>> inner =
            new ConcurrentHashMap<>();

    /**
     * Adds a page; the supplier must answer at once, and with nothing secret.
     *
     * @param name one segment of a path, such as {@code dispatchers}
     */
    public void add(String name, Supplier<JsonNode> page) {
        pages.put(name, page);
    }

    /**
     * Adds what other services may ask for, by an id, at {@code /internal/<name>/<id>}.
     *
     * @param name one segment of a path, such as {@code jobs}
     * @param answer must come at once; none for an id that is not known
     */
    public void addInner(String name, Function<String, Optional<JsonNode>> answer) {
        inner.put(name, answer);
    }

    Optional<JsonNode> inner(String name, String id) {
        return Optional.ofNullable(inner.get(name)).flatMap(answer -> answer.apply(id));
    }

    Optional<JsonNode> page(String name) {
        return Optional.ofNullable(pages.get(name)).map(Supplier::get);
    }
}
