package io.millrace.usageaggregator.usage;

import java.util.function.Function;

/** One of the facets, by which sums are grouped and filtered. */
public enum Facet {
    /** The tenant. */
    TENANT(facets -> facets.tenant().value()),
    /** Id of the API key. */
    KEY(Facets::keyId),
    /** The project; empty when none. */
    PROJECT(Facets::project),
    /** Name of the model as asked for. */
    MODEL(Facets::model),
    /** The provider; empty when none was called. */
    PROVIDER(Facets::provider),
    /** Name of the model at the provider; empty when none was called. */
    TARGET(Facets::target),
    /** Path of the endpoint. */
    ENDPOINT(Facets::endpoint),
    /** The service tier. */
    TIER(Facets::tier),
    /** {@code true} for lines of a batch, else {@code false}. */
    BATCH(facets -> String.valueOf(facets.batch())),
    /** The terminal state. */
    STATUS(Facets::status);

    @SuppressWarnings("ImmutableEnumChecker") // a method reference
    private final Function<Facets, String> reader;

    Facet(Function<Facets, String> reader) {
        this.reader = reader;
    }

    /** Returns its value. */
    public String of(Facets facets) {
        return reader.apply(facets);
    }
}
