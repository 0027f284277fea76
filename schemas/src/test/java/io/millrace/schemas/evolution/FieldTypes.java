package io.millrace.schemas.evolution;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;

/**
 * The logical types of a schema by the path of what has them. Avro's own compatibility check does
 * not look at them: milliseconds turn into microseconds unseen.
 */
final class FieldTypes {

    private final Map<String, String> types = new TreeMap<>();
    private final Set<String> seen = new HashSet<>();

    private FieldTypes() {}

    /** Returns the type and the logical type, if any, of every leaf by its path. */
    static Map<String, String> of(Schema schema) {
        FieldTypes all = new FieldTypes();
        all.walk(schema.getName(), schema);
        return all.types;
    }

    private void walk(String path, Schema schema) {
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.add(path + schema.getFullName())) {
                    schema.getFields()
                            .forEach(field -> walk(path + "." + field.name(), field.schema()));
                }
            }
            case UNION -> schema.getTypes().forEach(branch -> walk(path, branch));
            case ARRAY -> walk(path + "[]", schema.getElementType());
            case MAP -> walk(path + "{}", schema.getValueType());
            case ENUM, FIXED, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN ->
                    types.put(path, described(schema));
            case NULL -> {}
        }
    }

    private static String described(Schema schema) {
        LogicalType logical = schema.getLogicalType();
        if (logical == null) {
            return schema.getType().getName();
        }
        Schema bare = Schema.create(schema.getType());
        logical.addToSchema(bare);
        return bare.toString();
    }
}
