package io.millrace.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.standalone.client.ApiClient;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/**
 * What something has used and what it costs.
 *
 * @param requests that ended well or not
 * @param tokens input and output
 * @param usd US dollars, without zeros at the end
 */
record Bill(long requests, long tokens, BigDecimal usd) {

    private static final Duration BACK = Duration.ofDays(1);

    Bill {
        usd = usd.signum() == 0 ? BigDecimal.ZERO : usd.stripTrailingZeros();
    }

    /** Returns the bill that a batch shows of itself. */
    static Bill of(JsonNode batch) {
        JsonNode counts = batch.path("request_counts");
        return new Bill(
                counts.path("completed").asLong() + counts.path("failed").asLong(),
                batch.path("usage").path("total_tokens").asLong(),
                batch.path("cost").path("value").decimalValue());
    }

    /** Returns the bill of all embeddings since yesterday that the usage-aggregator shows. */
    static Bill aggregated(ApiClient api, Instant now) throws InterruptedException {
        String range =
                "?start_time=%d&bucket_width=1d&limit=3"
                        .formatted(now.minus(BACK).getEpochSecond());
        long requests = 0;
        long tokens = 0;
        for (JsonNode result : results(api, "/v1/organization/usage/embeddings" + range)) {
            requests += result.path("num_model_requests").asLong();
            tokens += result.path("input_tokens").asLong();
        }
        BigDecimal usd = BigDecimal.ZERO;
        for (JsonNode result : results(api, "/v1/organization/costs" + range)) {
            usd = usd.add(result.path("amount").path("value").decimalValue());
        }
        return new Bill(requests, tokens, usd);
    }

    /** Returns the bill in one line. */
    String line() {
        return "%d requests, %d tokens, %s USD".formatted(requests, tokens, usd.toPlainString());
    }

    private static Iterable<JsonNode> results(ApiClient api, String path)
            throws InterruptedException {
        return api.get(path)
                .path("data")
                .valueStream()
                .flatMap(bucket -> bucket.path("results").valueStream())
                .toList();
    }
}
