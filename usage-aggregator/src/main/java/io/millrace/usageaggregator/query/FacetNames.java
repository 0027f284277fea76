package io.millrace.usageaggregator.query;

import io.millrace.usageaggregator.usage.Facet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** What the facets are called by clients: OpenAI's names where it has one, else ours. */
final class FacetNames {

    /** A facet OpenAI has and the cube has not: it may be asked for, and is null. */
    static final String USER = "user_id";

    /** What a cost is for; ours are summed by model. */
    static final String LINE_ITEM = "line_item";

    private FacetNames() {}

    /** The name to group by, and of the field in results. */
    static String group(Facet facet) {
        return switch (facet) {
            case TENANT -> "tenant";
            case KEY -> "api_key_id";
            case PROJECT -> "project_id";
            case MODEL -> "model";
            case PROVIDER -> "provider";
            case TARGET -> "target";
            case ENDPOINT -> "endpoint";
            case TIER -> "service_tier";
            case BATCH -> "batch";
            case STATUS -> "status";
        };
    }

    /** The name to filter by. */
    static String filter(Facet facet) {
        return switch (facet) {
            case BATCH -> "batch";
            case STATUS -> "statuses";
            default -> group(facet) + "s";
        };
    }

    /** The facet to group by under that name. */
    static Optional<Facet> grouping(Report report, String name) {
        if (report == Report.COSTS && name.equals(LINE_ITEM)) {
            return Optional.of(Facet.MODEL);
        }
        for (Facet facet : Facet.values()) {
            if (group(facet).equals(name)) {
                return Optional.of(facet);
            }
        }
        return Optional.empty();
    }

    /** All names to group by. */
    static Set<String> groups(Report report) {
        Set<String> names = new LinkedHashSet<>();
        for (Facet facet : Facet.values()) {
            names.add(group(facet));
        }
        names.add(report == Report.COSTS ? LINE_ITEM : USER);
        return names;
    }
}
