package io.millrace.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.servicekit.http.Json;
import io.millrace.standalone.client.ApiClient;
import io.millrace.standalone.client.Batch;
import io.millrace.standalone.client.Progress;
import io.millrace.standalone.client.ProgressDisplay;
import io.millrace.standalone.process.Lifetime;
import io.millrace.standalone.process.RefusedException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * The main job on real input: documents are cut into passages, embedded in one batch, billed, and
 * searched.
 */
public final class Demo {

    private static final String MODEL = "local/all-minilm-l6-v2";
    private static final int MOST_PASSAGES = 50_000;
    private static final int HITS = 5;
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration AGGREGATION = Duration.ofSeconds(15);
    private static final String UNIT = "passages";

    private final PrintWriter out;
    private final boolean terminal;
    private final Lifetime lifetime;
    private final InstantSource clock;

    /**
     * @param terminal whether a line that was printed can be printed over
     * @param lifetime ends the demo early
     */
    public Demo(PrintWriter out, boolean terminal, Lifetime lifetime, InstantSource clock) {
        this.out = out;
        this.terminal = terminal;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /**
     * Reads and cuts the documents.
     *
     * @throws RefusedException when the folder cannot be read or holds no text
     */
    public Reading read(Path folder) {
        List<Document> documents = new DocumentFolder(folder).read();
        List<Passage> passages =
                documents.stream()
                        .flatMap(document -> Cutting.DEFAULT.cut(document).stream())
                        .limit(MOST_PASSAGES)
                        .toList();
        if (passages.isEmpty()) {
            throw new RefusedException("--documents: no text in " + folder);
        }
        out.println(
                "%d documents of %s, %d passages"
                        .formatted(documents.size(), folder, passages.size()));
        out.flush();
        return new Reading(passages);
    }

    /**
     * Embeds the passages and answers the question.
     *
     * @param base where ingress is
     * @param key API key of a tenant
     * @param scratch folder for the batch's input
     * @return whether every passage was embedded and both bills are the same
     */
    public boolean run(Reading reading, String question, URI base, String key, Path scratch)
            throws InterruptedException {
        EmbeddingBatch batch = new EmbeddingBatch(MODEL, reading.passages());
        try (ApiClient api = new ApiClient(base, key)) {
            long began = System.nanoTime();
            JsonNode ended = await(api, submit(api, batch, scratch), began);
            if (lifetime.stopAsked()) {
                return false;
            }
            boolean good = report(api, ended, Duration.ofNanos(System.nanoTime() - began));
            if (ended.hasNonNull("output_file_id")) {
                answer(api, batch, ended.path("output_file_id").asText(), question);
            }
            return good;
        }
    }

    private static String submit(ApiClient api, EmbeddingBatch batch, Path scratch)
            throws InterruptedException {
        Path input = scratch.resolve("passages.jsonl");
        batch.write(input);
        ObjectNode wish = Json.object();
        wish.put("input_file_id", api.upload(input));
        wish.put("endpoint", EmbeddingBatch.ENDPOINT);
        wish.put("completion_window", "24h");
        return api.post("/v1/batches", wish).path("id").asText();
    }

    private JsonNode await(ApiClient api, String id, long began) throws InterruptedException {
        ProgressDisplay display = new ProgressDisplay(out, terminal);
        while (true) {
            Batch batch = new Batch(api.get("/v1/batches/" + id));
            display.show(batch.progress(UNIT, Duration.ofNanos(System.nanoTime() - began)));
            if (batch.ended() || lifetime.awaitStop(LOOK)) {
                display.end();
                return batch.json();
            }
        }
    }

    private boolean report(ApiClient api, JsonNode batch, Duration elapsed)
            throws InterruptedException {
        Progress end = new Batch(batch).progress(UNIT, elapsed);
        Bill own = Bill.of(batch);
        Bill aggregated = aggregated(api, own);
        boolean complete =
                "completed".equals(end.status())
                        && end.failed() == 0
                        && end.completed() == end.total();
        boolean equal = own.equals(aggregated);
        out.println();
        out.println(
                "batch %s: %d passages done, %d failed, in %.1f s: %.0f passages/s"
                        .formatted(
                                end.status(),
                                end.completed(),
                                end.failed(),
                                elapsed.toMillis() / 1000.0,
                                end.rate()));
        batch.path("errors").path("data").forEach(error -> out.println("  " + error));
        out.println("  the batch's own figures:  " + own.line());
        out.println("  the usage-aggregator's:   " + aggregated.line() + (equal ? " (equal)" : ""));
        if (!equal) {
            out.println("  the figures DIFFER");
        }
        out.flush();
        return complete && equal;
    }

    /** The aggregator follows the log; it is given a moment to have read all of it. */
    private Bill aggregated(ApiClient api, Bill own) throws InterruptedException {
        long deadline = System.nanoTime() + AGGREGATION.toNanos();
        Bill bill = Bill.aggregated(api, clock.instant());
        while (!bill.equals(own) && System.nanoTime() < deadline && !lifetime.awaitStop(LOOK)) {
            bill = Bill.aggregated(api, clock.instant());
        }
        return bill;
    }

    private void answer(ApiClient api, EmbeddingBatch batch, String outputFile, String question)
            throws InterruptedException {
        Map<Passage, float[]> embedded =
                batch.embedded(api.download("/v1/files/" + outputFile + "/content"));
        JsonNode asked = api.post(EmbeddingBatch.ENDPOINT, EmbeddingBatch.request(MODEL, question));
        out.println();
        out.println("\"%s\"".formatted(question));
        for (Ranking.Hit hit : Ranking.best(EmbeddingBatch.vector(asked), embedded, HITS)) {
            out.println(Excerpt.of(hit));
        }
        out.flush();
    }
}
