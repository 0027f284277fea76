package io.millrace.standalone.documents;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.servicekit.http.Json;
import io.millrace.standalone.client.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * What is asked about every document.
 *
 * @param endpoint chat completions or embeddings
 * @param model that is asked
 * @param prompt what is asked; empty for embeddings
 */
public record DocumentTask(String endpoint, String model, String prompt) {

    private static final String CHAT = "/v1/chat/completions";
    private static final String EMBEDDINGS = "/v1/embeddings";
    private static final String DEFAULT_PROMPT = "Summarize this document in a few sentences.";
    // the API does not say which models embed; their names do
    private static final Pattern EMBEDS =
            Pattern.compile("embed|minilm|(^|[/-])(bge|e5|gte)-", Pattern.CASE_INSENSITIVE);

    /** Returns a task: to embed, where the model's name says so and nothing is asked. */
    public static DocumentTask of(String model, String prompt) {
        if (prompt.isBlank() && EMBEDS.matcher(model).find()) {
            return new DocumentTask(EMBEDDINGS, model, "");
        }
        return new DocumentTask(CHAT, model, prompt.isBlank() ? DEFAULT_PROMPT : prompt);
    }

    /** Returns what changes when the document, the prompt or the model does. */
    String fingerprint(Path document) throws IOException {
        return Digest.sha256().text(endpoint).text(model).text(prompt).file(document).hex();
    }

    /** Returns the line of a batch that asks about a document's words. */
    ObjectNode line(String id, String words) {
        ObjectNode line = Json.object();
        line.put("custom_id", id).put("method", "POST").put("url", endpoint);
        ObjectNode body = line.putObject("body").put("model", model);
        if (endpoint.equals(EMBEDDINGS)) {
            body.put("input", words).put("encoding_format", "float");
        } else {
            ArrayNode messages = body.putArray("messages");
            messages.addObject().put("role", "system").put("content", prompt);
            messages.addObject().put("role", "user").put("content", words);
        }
        return line;
    }
}
