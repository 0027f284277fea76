package io.millrace.ingress.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.serde.Codecs;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How ingresses tell each other what their parts of the view hold: Avro records inside JSON. */
final class ViewWire {

    private static final String RECORD = "record";
    private static final String RESULT = "result";
    private static final String ID = "id";

    private final Codecs codecs;

    ViewWire(Codecs codecs) {
        this.codecs = codecs;
    }

    byte[] write(Sighting sighting) {
        return Json.bytes(object(sighting));
    }

    Sighting sighting(byte[] bytes) {
        return sighting(Json.parse(bytes));
    }

    byte[] write(List<Listed> entries) {
        ArrayNode array = Json.MAPPER.createArrayNode();
        for (Listed entry : entries) {
            array.add(object(entry.sighting()).put(ID, entry.id()));
        }
        return Json.bytes(array);
    }

    List<Listed> entries(byte[] bytes) {
        List<Listed> entries = new ArrayList<>();
        for (JsonNode node : Json.parse(bytes)) {
            String id = node.path(ID).asText();
            Sighting sighting = sighting(node);
            sighting.record()
                    .flatMap(record ->
                            IndexKey.of(id, record)
                                    .map(key -> new Listed(id, key.createdAt(), record, sighting)))
                    .ifPresent(entries::add);
        }
        return entries;
    }

    private ObjectNode object(Sighting sighting) {
        ObjectNode object = Json.object();
        sighting.record()
                .or(sighting::spent)
                .ifPresent(record -> object.put(RECORD, codecs.jobs().encode(record)));
        sighting.result().ifPresent(result -> object.put(RESULT, codecs.results().encode(result)));
        return object;
    }

    private Sighting sighting(JsonNode node) {
        try {
            return new Sighting(
                    node.has(RECORD) ? codecs.jobs().decode(node.get(RECORD).binaryValue()) : null,
                    node.has(RESULT)
                            ? codecs.results().decode(node.get(RESULT).binaryValue())
                            : null);
        } catch (IOException e) {
            throw new IllegalStateException("another ingress answered what is no base64", e);
        }
    }
}
