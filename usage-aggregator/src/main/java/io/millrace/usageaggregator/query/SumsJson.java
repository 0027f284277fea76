package io.millrace.usageaggregator.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.money.NanoDollars;
import io.millrace.servicekit.http.Json;
import io.millrace.usageaggregator.query.Sums.Row;
import io.millrace.usageaggregator.usage.Facet;
import io.millrace.usageaggregator.usage.Totals;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/** Sums as one instance sends them to another. */
final class SumsJson {

    private SumsJson() {}

    static ObjectNode write(Sums sums) {
        ObjectNode answer = Json.object();
        ArrayNode rows = answer.putArray("rows");
        sums.rows()
                .forEach((row, totals) -> {
                    ObjectNode one = rows.addObject();
                    one.put("start", row.start().getEpochSecond());
                    ObjectNode group = one.putObject("group");
                    row.group()
                            .forEach((facet, value) -> group.put(FacetNames.group(facet), value));
                    one.put("requests", totals.requests());
                    one.put("input", totals.inputTokens());
                    one.put("output", totals.outputTokens());
                    one.put("cached", totals.cachedTokens());
                    one.put("reasoning", totals.reasoningTokens());
                    one.put("cost_nano_usd", totals.cost().amount());
                    one.put("attempts", totals.attempts());
                    one.put("estimated", totals.estimated());
                });
        return answer;
    }

    /**
     * Reads them.
     *
     * @throws IllegalArgumentException when a row is none
     */
    static Sums read(JsonNode answer) {
        Sums sums = new Sums();
        for (JsonNode row : answer.required("rows")) {
            Map<Facet, String> group = new EnumMap<>(Facet.class);
            for (Facet facet : Facet.values()) {
                JsonNode value = row.required("group").path(FacetNames.group(facet));
                if (value.isTextual()) {
                    group.put(facet, value.textValue());
                }
            }
            sums.add(new Row(Instant.ofEpochSecond(number(row, "start")), group), totals(row));
        }
        return sums;
    }

    private static Totals totals(JsonNode row) {
        return new Totals(
                number(row, "requests"),
                number(row, "input"),
                number(row, "output"),
                number(row, "cached"),
                number(row, "reasoning"),
                new NanoDollars(number(row, "cost_nano_usd")),
                number(row, "attempts"),
                number(row, "estimated"));
    }

    private static long number(JsonNode row, String name) {
        JsonNode number = row.required(name);
        if (!number.canConvertToExactIntegral() || !number.canConvertToLong()) {
            throw new IllegalArgumentException(name + " is no whole number");
        }
        return number.longValue();
    }
}
