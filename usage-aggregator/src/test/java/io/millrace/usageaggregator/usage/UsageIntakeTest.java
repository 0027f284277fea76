package io.millrace.usageaggregator.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.millrace.schemas.avro.UsageRecord;
import io.millrace.schemas.serde.Codecs;
import java.io.File;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageIntakeTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:30Z");

    @TempDir Path directory;

    @Test
    void recordsThatComeAgainAreNotCountedTwice() {
        // Given: an intake that has counted offsets 0 to 2
        try (AggregatorInATest observer = new AggregatorInATest(NOW)) {
            MockProcessorContext<byte[], byte[]> context = context(directory.toFile());
            KeyValueStore<Bytes, byte[]> store = store(context);
            UsageIntake intake = intake(context, observer);
            for (long offset = 0; offset <= 2; offset++) {
                context.setRecordMetadata("usage", 0, offset);
                intake.process(bill());
            }

            // When: the group's offset is lost, and all comes again with one more
            UsageIntake next = intake(context, observer);
            for (long offset = 0; offset <= 3; offset++) {
                context.setRecordMetadata("usage", 0, offset);
                next.process(bill());
            }

            // Then
            assertThat(observer.seenAgain).hasValue(3);
            Totals[] sum = {Totals.NONE};
            new CubeScan(store)
                    .cells(
                            new Scope.Everyone(),
                            new Span(
                                    Width.DAY,
                                    Instant.EPOCH,
                                    Width.DAY.floor(NOW).plus(Width.DAY.length())),
                            cell -> sum[0] = sum[0].plus(cell.totals()));
            assertThat(sum[0].requests()).isEqualTo(4);
            store.close();
        }
    }

    private static UsageIntake intake(
            MockProcessorContext<byte[], byte[]> context, IntakeObserver observer) {
        Codecs codecs = Codecs.on(new MockSchemaRegistryClient());
        UsageIntake intake =
                new UsageIntake(
                        AggregatorInATest.RETENTION, new Burial(codecs.deadLetters()), observer);
        intake.init(context);
        return intake;
    }

    private static Record<byte[], Arrival> bill() {
        UsageRecord bill = Bills.of("acme", NOW).build();
        return new Record<>(new byte[] {1}, Arrival.Bill.of(bill, new byte[0]), NOW.toEpochMilli());
    }

    private static MockProcessorContext<byte[], byte[]> context(File directory) {
        MockProcessorContext<byte[], byte[]> context =
                new MockProcessorContext<>(new Properties(), new TaskId(0, 0), directory);
        context.setCurrentSystemTimeMs(NOW.toEpochMilli());
        return context;
    }

    private static KeyValueStore<Bytes, byte[]> store(
            MockProcessorContext<byte[], byte[]> context) {
        KeyValueStore<Bytes, byte[]> store =
                Stores.keyValueStoreBuilder(
                                Stores.inMemoryKeyValueStore(UsageTopology.STORE),
                                Serdes.Bytes(),
                                Serdes.ByteArray())
                        .withLoggingDisabled()
                        .build();
        store.init(context.getStateStoreContext(), store);
        return store;
    }
}
