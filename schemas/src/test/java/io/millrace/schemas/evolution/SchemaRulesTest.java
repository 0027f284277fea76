package io.millrace.schemas.evolution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What every schema keeps to, so that it explains itself and can grow. */
class SchemaRulesTest {

    private static final String ONE_KIND = "Exactly one branch is set";

    static Stream<Schema> named() {
        return all().values().stream();
    }

    static Stream<Arguments> fields() {
        return named().filter(schema -> schema.getType() == Schema.Type.RECORD)
                .flatMap(schema ->
                        schema.getFields().stream()
                                .map(field ->
                                        Arguments.of(
                                                schema.getName() + "." + field.name(), field)));
    }

    static Stream<Schema> recordsOfSeveralKinds() {
        return named().filter(schema -> schema.getDoc().contains(ONE_KIND));
    }

    @ParameterizedTest
    @MethodSource("named")
    void everyRecordAndEnumSaysWhatItIs(Schema schema) {
        assertThat(schema.getDoc()).as(schema.getName()).isNotBlank();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fields")
    void everyFieldSaysWhatItMeans(String name, Schema.Field field) {
        assertThat(field.doc()).isNotBlank();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("fields")
    void unionIsNothingElseThanAFieldThatMayBeAbsent(String name, Schema.Field field) {
        if (field.schema().isUnion()) {
            assertThat(field.schema().getTypes()).hasSize(2);
            assertThat(field.schema().getTypes().getFirst().getType()).isEqualTo(Schema.Type.NULL);
            assertThat(field.defaultVal()).isEqualTo(JsonProperties.NULL_VALUE);
        }
    }

    @ParameterizedTest
    @MethodSource("recordsOfSeveralKinds")
    void kindsAreBranchesThatMayBeAbsent(Schema schema) {
        // Given
        Stream<Schema.Field> kinds =
                schema.getFields().stream()
                        .filter(field -> field.schema().isUnion())
                        .filter(field ->
                                field.schema().getTypes().getLast().getType()
                                        == Schema.Type.RECORD);

        // Then
        assertThat(kinds).as(schema.getName()).hasSizeGreaterThan(1);
    }

    @Test
    void recordsOfSeveralKindsAreThese() {
        assertThat(recordsOfSeveralKinds())
                .extracting(Schema::getName)
                .containsExactlyInAnyOrder(
                        "SlotRecord",
                        "JobsRecord",
                        "AttemptsRecord",
                        "LedgerEntry",
                        "ControlRecord");
    }

    @ParameterizedTest
    @MethodSource("named")
    void enumHasASymbolForWhatItsReaderDoesNotKnow(Schema schema) {
        if (schema.getType() == Schema.Type.ENUM) {
            assertThat(schema.getEnumDefault()).as(schema.getName()).isEqualTo("UNKNOWN");
        }
    }

    private static Map<String, Schema> all() {
        Map<String, Schema> named = new TreeMap<>();
        Deque<Schema> open = new ArrayDeque<>(FrozenSchemas.current().values());
        while (!open.isEmpty()) {
            Schema schema = open.pop();
            switch (schema.getType()) {
                case RECORD -> {
                    if (named.put(schema.getFullName(), schema) == null) {
                        schema.getFields().forEach(field -> open.push(field.schema()));
                    }
                }
                case ENUM -> named.put(schema.getFullName(), schema);
                case UNION -> schema.getTypes().forEach(open::push);
                case ARRAY -> open.push(schema.getElementType());
                case MAP -> open.push(schema.getValueType());
                case FIXED, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> {}
            }
        }
        return named;
    }
}
