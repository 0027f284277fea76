package io.millrace.usageaggregator.query;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.servicekit.http.Json;
import io.millrace.usageaggregator.cost.Amount;
import io.millrace.usageaggregator.usage.Facet;
import io.millrace.usageaggregator.usage.Totals;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A result in the shape of OpenAI's. Its own facets are null unless grouped by; ours are there only
 * when grouped by, and sums of ours stand beside its own.
 */
final class ResultJson {

    private static final Set<Facet> OF_COMPLETIONS =
            EnumSet.of(Facet.PROJECT, Facet.KEY, Facet.MODEL, Facet.BATCH, Facet.TIER);
    private static final Set<Facet> OF_EMBEDDINGS =
            EnumSet.of(Facet.PROJECT, Facet.KEY, Facet.MODEL);
    private static final Set<Facet> OF_COSTS = EnumSet.of(Facet.PROJECT, Facet.KEY);

    private ResultJson() {}

    static ObjectNode of(Question question, Map<Facet, String> group, Totals totals) {
        ObjectNode result = Json.object();
        Report report = question.report();
        switch (report) {
            case COMPLETIONS -> {
                result.put("object", "organization.usage.completions.result");
                result.put("input_tokens", totals.inputTokens());
                result.put("input_cached_tokens", totals.cachedTokens());
                result.put("output_tokens", totals.outputTokens());
                result.put("output_reasoning_tokens", totals.reasoningTokens());
                requests(result, totals);
                facets(result, OF_COMPLETIONS, group);
            }
            case EMBEDDINGS -> {
                result.put("object", "organization.usage.embeddings.result");
                result.put("input_tokens", totals.inputTokens());
                requests(result, totals);
                facets(result, OF_EMBEDDINGS, group);
            }
            case COSTS -> {
                result.put("object", "organization.costs.result");
                Amount amount = Amount.of(totals.cost());
                result.putObject("amount")
                        .put("value", amount.value())
                        .put("currency", amount.currency());
                result.put(FacetNames.LINE_ITEM, group.get(Facet.MODEL));
                facets(result, OF_COSTS, group);
            }
        }
        return result;
    }

    private static void requests(ObjectNode result, Totals totals) {
        result.put("num_model_requests", totals.requests());
        result.put("num_attempts", totals.attempts());
        result.put("num_estimated", totals.estimated());
        result.putNull(FacetNames.USER);
    }

    private static void facets(ObjectNode result, Set<Facet> always, Map<Facet, String> group) {
        for (Facet facet : Facet.values()) {
            if (always.contains(facet) || group.containsKey(facet)) {
                put(result, facet, group.get(facet));
            }
        }
    }

    private static void put(ObjectNode result, Facet facet, @Nullable String value) {
        String name = FacetNames.group(facet);
        if (value == null || value.isEmpty()) {
            result.putNull(name);
        } else if (facet == Facet.BATCH) {
            result.put(name, Boolean.parseBoolean(value));
        } else {
            result.put(name, value);
        }
    }
}
