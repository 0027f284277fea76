package io.millrace.schemas.evolution;

import static org.apache.avro.SchemaCompatibility.SchemaCompatibilityType.COMPATIBLE;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaCompatibility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Today's schemas beside every version that was ever deployed (FULL_TRANSITIVE). */
class EvolutionTest {

    @BeforeAll
    static void freezeWhenAsked() {
        String version = System.getProperty("evolution.freeze", "");
        if (!version.isEmpty()) {
            FrozenSchemas.freeze(version);
        }
    }

    static Stream<Arguments> frozen() {
        return FrozenSchemas.versions().stream()
                .flatMap(version ->
                        FrozenSchemas.version(version).entrySet().stream()
                                .map(schema ->
                                        Arguments.of(version, schema.getKey(), schema.getValue())));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("frozen")
    void recordsOfEveryVersionAreReadToday(String version, String name, Schema then) {
        assertReads(FrozenSchemas.current().get(name), then);
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("frozen")
    void recordsOfTodayAreReadByEveryVersion(String version, String name, Schema then) {
        assertReads(then, FrozenSchemas.current().get(name));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("frozen")
    void whatAFieldMeansNeverChangesItsUnit(String version, String name, Schema then) {
        // Given
        Map<String, String> today = FieldTypes.of(FrozenSchemas.current().get(name));
        Map<String, String> common = new TreeMap<>(FieldTypes.of(then));
        common.keySet().retainAll(today.keySet());

        // Then
        assertThat(common).isNotEmpty();
        assertThat(today).containsAllEntriesOf(common);
    }

    @Test
    void everyRecordOfEveryVersionIsStillThere() {
        assertThat(FrozenSchemas.versions())
                .contains("v1")
                .allSatisfy(version ->
                        assertThat(FrozenSchemas.current())
                                .containsKeys(
                                        FrozenSchemas.version(version)
                                                .keySet()
                                                .toArray(String[]::new)));
    }

    @Test
    void unitThatChangesIsSeenThoughAvroDoesNotSeeIt() {
        // Given
        Schema millis = timestamps(LogicalTypes.timestampMillis());
        Schema micros = timestamps(LogicalTypes.timestampMicros());

        // Then
        assertReads(millis, micros);
        assertThat(FieldTypes.of(millis)).isNotEqualTo(FieldTypes.of(micros));
    }

    private static Schema timestamps(LogicalType type) {
        Schema time = type.addToSchema(Schema.create(Schema.Type.LONG));
        return SchemaBuilder.record("Event")
                .fields()
                .name("times")
                .type(Schema.createArray(Schema.createUnion(Schema.create(Schema.Type.NULL), time)))
                .noDefault()
                .endRecord();
    }

    private static void assertReads(Schema reader, Schema writer) {
        assertThat(
                        SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                                .getResult()
                                .getIncompatibilities())
                .isEmpty();
        assertThat(SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType())
                .isEqualTo(COMPATIBLE);
    }
}
