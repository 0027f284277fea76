package io.millrace.usageaggregator.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.servicekit.http.Json;
import io.millrace.usageaggregator.query.Sums.Row;
import io.millrace.usageaggregator.usage.Totals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A page in the shape of OpenAI's: every bucket of it, those without results too. */
final class PageJson {

    // 1E-9 would be the same number; but clients have read it wrongly before
    private static final ObjectWriter WRITER =
            Json.MAPPER.writer().with(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN);
    private static final Comparator<Row> BY_VALUES =
            Comparator.comparing(row -> String.join("\0", row.values()));

    private PageJson() {}

    static byte[] write(Question question, Sums sums) {
        Map<Instant, List<Row>> byBucket = new HashMap<>();
        Map<Row, Totals> rows = sums.rows();
        rows.keySet()
                .forEach(row ->
                        byBucket.computeIfAbsent(row.start(), _ -> new ArrayList<>()).add(row));
        ObjectNode page = Json.object();
        page.put("object", "page");
        ArrayNode data = page.putArray("data");
        Instant start = question.from();
        while (start.isBefore(question.until())) {
            Instant end = start.plus(question.width().length());
            ObjectNode bucket = data.addObject();
            bucket.put("object", "bucket");
            bucket.put("start_time", start.getEpochSecond());
            bucket.put("end_time", end.getEpochSecond());
            ArrayNode results = bucket.putArray("results");
            byBucket.getOrDefault(start, List.of()).stream()
                    .sorted(BY_VALUES)
                    .forEach(row ->
                            results.add(
                                    ResultJson.of(
                                            question,
                                            row.group(),
                                            rows.getOrDefault(row, Totals.NONE))));
            start = end;
        }
        page.put("has_more", question.hasMore());
        if (question.hasMore()) {
            page.put("next_page", new Page(question.until(), question.end()).cursor());
        } else {
            page.putNull("next_page");
        }
        return bytes(page);
    }

    private static byte[] bytes(ObjectNode page) {
        try {
            return WRITER.writeValueAsBytes(page);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }
}
