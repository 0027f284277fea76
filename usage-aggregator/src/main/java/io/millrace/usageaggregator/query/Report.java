package io.millrace.usageaggregator.query;

import io.millrace.usageaggregator.usage.Facets;
import java.util.Optional;
import java.util.Set;

/** What can be asked for. */
enum Report {
    /** Tokens of the endpoints that generate text. */
    COMPLETIONS(
            "completions",
            Set.of("/v1/chat/completions", "/v1/responses", "/v1/messages"),
            BucketWidth.DAY_MAX_USAGE),
    /** Tokens of embeddings. */
    EMBEDDINGS("embeddings", Set.of("/v1/embeddings"), BucketWidth.DAY_MAX_USAGE),
    /** Money, of every endpoint. */
    COSTS("costs", Set.of(), BucketWidth.DAY_MAX_COSTS);

    private final String word;

    @SuppressWarnings("ImmutableEnumChecker") // a Set.of
    private final Set<String> endpoints;

    private final int maxDays;

    Report(String word, Set<String> endpoints, int maxDays) {
        this.word = word;
        this.endpoints = endpoints;
        this.maxDays = maxDays;
    }

    static Optional<Report> named(String word) {
        for (Report report : values()) {
            if (report.word.equals(word)) {
                return Optional.of(report);
            }
        }
        return Optional.empty();
    }

    /** Its name in paths and meters. */
    String word() {
        return word;
    }

    /** The most days a page may have. */
    int maxDays() {
        return maxDays;
    }

    boolean counts(Facets facets) {
        return endpoints.isEmpty() || endpoints.contains(facets.endpoint());
    }
}
