package io.millrace.simulatedprovider;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.simulatedprovider.behaviour.ModelName;
import io.millrace.simulatedprovider.dialect.Endpoint;
import io.millrace.simulatedprovider.dialect.Json;
import io.millrace.simulatedprovider.ledger.LedgerSummary;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/** What is answered besides calls. */
final class Pages {

    private Pages() {}

    static byte[] health() {
        return Json.bytes(Json.object().put("status", "ok"));
    }

    static byte[] models() {
        ObjectNode page = Json.object().put("object", "list");
        ArrayNode data = page.putArray("data");
        ModelName.EXAMPLES.forEach(name -> data.add(modelObject(name)));
        return Json.bytes(page);
    }

    static byte[] model(String name) {
        return Json.bytes(modelObject(name));
    }

    static byte[] summary(LedgerSummary summary) {
        ObjectNode page =
                Json.object()
                        .put("started", summary.started())
                        .put("ended", summary.ended())
                        .put("running", summary.running())
                        .put("closed_by_client", summary.closedByClient())
                        .put("input_tokens", summary.inputTokens())
                        .put("output_tokens", summary.outputTokens());
        ObjectNode statuses = page.putObject("by_status");
        new TreeMap<>(summary.byStatus())
                .forEach((status, count) -> statuses.put(status.toString(), count));
        return Json.bytes(page);
    }

    static byte[] error(int status, String code, String message) {
        return Endpoint.CHAT_COMPLETIONS.error(status, code, message).parts().getFirst();
    }

    /** The text that a part of a path stands for; itself when it is not encoded rightly. */
    static String decoded(String part) {
        try {
            return URLDecoder.decode(part, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return part;
        }
    }

    private static ObjectNode modelObject(String name) {
        return Json.object()
                .put("id", name)
                .put("object", "model")
                .put("created", 0)
                .put("owned_by", "simulated-provider");
    }
}
