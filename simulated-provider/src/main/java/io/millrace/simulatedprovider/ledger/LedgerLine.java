package io.millrace.simulatedprovider.ledger;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.simulatedprovider.ledger.LedgerEntry.Ended;
import io.millrace.simulatedprovider.ledger.LedgerEntry.Started;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;

/** The form of an entry in the file. */
final class LedgerLine {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonFactory LINES =
            JsonFactory.builder().build().disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    private static final long NANOS = 1_000_000_000L;

    private LedgerLine() {}

    static void write(LedgerEntry entry, OutputStream out) throws IOException {
        try (JsonGenerator line = LINES.createGenerator(out)) {
            line.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
            line.writeStartObject();
            switch (entry) {
                case Started started -> write(started, line);
                case Ended ended -> write(ended, line);
            }
            line.writeEndObject();
            line.writeRaw('\n');
        }
    }

    /** Reads a whole line; anything else is an {@link IllegalArgumentException}. */
    static LedgerEntry parse(String line) {
        try {
            JsonNode node = JSON.readTree(line);
            return switch (node.path("event").asText()) {
                case "started" -> started(node);
                case "ended" -> ended(node);
                default -> throw new IllegalArgumentException("event is neither started nor ended");
            };
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void write(Started started, JsonGenerator line) throws IOException {
        common("started", started, line);
        optional("attempt", started.attempt(), line);
        optional("traceparent", started.traceparent(), line);
        line.writeStringField("path", started.path());
        line.writeStringField("model", started.model());
    }

    private static void write(Ended ended, JsonGenerator line) throws IOException {
        common("ended", ended, line);
        line.writeNumberField("status", ended.status());
        line.writeStringField("fault", ended.fault());
        line.writeNumberField("input_tokens", ended.inputTokens());
        line.writeNumberField("output_tokens", ended.outputTokens());
        line.writeBooleanField("closed_by_client", ended.closedByClient());
    }

    private static void common(String event, LedgerEntry entry, JsonGenerator line)
            throws IOException {
        line.writeStringField("event", event);
        line.writeNumberField("call", entry.call());
        line.writeNumberField("at_ns", nanos(entry.at()));
        optional("job", entry.job(), line);
    }

    private static void optional(String field, String value, JsonGenerator line)
            throws IOException {
        if (!value.isEmpty()) {
            line.writeStringField(field, value);
        }
    }

    private static Started started(JsonNode node) {
        return new Started(
                node.path("call").asLong(),
                instant(node.path("at_ns").asLong()),
                node.path("job").asText(),
                node.path("attempt").asText(),
                node.path("traceparent").asText(),
                node.path("path").asText(),
                node.path("model").asText());
    }

    private static Ended ended(JsonNode node) {
        return new Ended(
                node.path("call").asLong(),
                instant(node.path("at_ns").asLong()),
                node.path("job").asText(),
                node.path("status").asInt(),
                node.path("fault").asText(),
                node.path("input_tokens").asLong(),
                node.path("output_tokens").asLong(),
                node.path("closed_by_client").asBoolean());
    }

    private static long nanos(Instant at) {
        return Math.addExact(Math.multiplyExact(at.getEpochSecond(), NANOS), at.getNano());
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
    }
}
