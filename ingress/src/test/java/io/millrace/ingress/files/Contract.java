package io.millrace.ingress.files;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** OpenAI's published description of the file and batch objects. */
public final class Contract {

    private static final String RESOURCE = "/openai/files-and-batches.schema.json";

    private Contract() {}

    /** Returns where a JSON text breaks the schema of that name. */
    public static List<String> breaches(String schemaName, String json) {
        try (InputStream in =
                Objects.requireNonNull(Contract.class.getResourceAsStream(RESOURCE))) {
            var root = (com.fasterxml.jackson.databind.node.ObjectNode) Json.MAPPER.readTree(in);
            root.put("$ref", "#/$defs/" + schemaName);
            Schema schema =
                    SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(
                                    new String(Json.bytes(root), StandardCharsets.UTF_8),
                                    InputFormat.JSON);
            return schema.validate(json, InputFormat.JSON).stream().map(Error::toString).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
