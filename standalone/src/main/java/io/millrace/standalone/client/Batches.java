package io.millrace.standalone.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.servicekit.http.Json;
import java.util.Map;
import java.util.Optional;

/** The batches of the caller's tenant. */
public final class Batches {

    /** Name of the pair of a batch's metadata that says which submission made it. */
    static final String SUBMISSION = "millrace-submission";

    private static final String PATH = "/v1/batches";
    private static final int PAGE = 100;
    private static final int MOST_PAGES = 100;

    private final ApiClient api;

    public Batches(ApiClient api) {
        this.api = api;
    }

    /** Returns a batch. */
    public Batch get(String id) throws InterruptedException {
        return new Batch(api.get(PATH + "/" + checked(id)));
    }

    /** Returns a batch, if the API (still) knows it. */
    Optional<Batch> find(String id) throws InterruptedException {
        try {
            return Optional.of(get(id));
        } catch (ApiException e) {
            if (e.status() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Wishes that a batch ends. */
    public Batch cancel(String id) throws InterruptedException {
        return new Batch(api.post(PATH + "/" + checked(id) + "/cancel", Json.object()));
    }

    /** Makes a batch of an uploaded file, once for a submission where the API knows such keys. */
    Batch create(String file, String endpoint, String window, String submission)
            throws InterruptedException {
        ObjectNode wish = Json.object();
        wish.put("input_file_id", file);
        wish.put("endpoint", endpoint);
        wish.put("completion_window", window);
        wish.putObject("metadata").put(SUBMISSION, submission);
        return new Batch(api.post(PATH, wish, Map.of("Idempotency-Key", submission)));
    }

    /** Looks for the batch of a submission among the latest 10,000. */
    Optional<Batch> ofSubmission(String submission) throws InterruptedException {
        String after = "";
        for (int page = 0; page < MOST_PAGES; page++) {
            JsonNode list = api.get("%s?limit=%d%s".formatted(PATH, PAGE, after));
            Optional<Batch> found =
                    list.path("data")
                            .valueStream()
                            .map(Batch::new)
                            .filter(batch -> batch.isOf(submission))
                            .findFirst();
            if (found.isPresent() || !list.path("has_more").asBoolean()) {
                return found;
            }
            after = "&after=" + list.path("last_id").asText();
        }
        return Optional.empty();
    }

    /** Ids become part of a path. */
    private static String checked(String id) {
        if (!id.matches("[A-Za-z0-9_-]{1,100}")) {
            throw new ApiException("'%s' is no id of a batch".formatted(id), 404);
        }
        return id;
    }
}
