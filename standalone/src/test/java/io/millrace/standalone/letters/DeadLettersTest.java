package io.millrace.standalone.letters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.Registry;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class DeadLettersTest {

    private static final String TOPIC = Topic.DEAD_LETTERS.topicName();
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final AvroCodec<DeadLetter> codec = codec();
    private final DeadLetters letters = new DeadLetters(consumer, producer, codec);

    @Test
    void newestLettersComeFirst() {
        // Given
        lay(letter(1), letter(2), letter(3));

        // When
        List<DeadLetters.Found> found = letters.list(2);

        // Then
        assertThat(found).extracting(DeadLetters.Found::id).containsExactly("0-2", "0-1");
    }

    @Test
    void letterIsFoundByItsIdAndNothingElse() {
        // Given
        lay(letter(1), letter(2));

        // Then
        assertThat(letters.find("0-1"))
                .hasValueSatisfying(found -> assertThat(found.letter()).isEqualTo(letter(2)));
        assertThat(letters.find("0-2")).isEmpty();
        assertThat(letters.find("x")).isEmpty();
        assertThat(letters.find("0-x")).isEmpty();
    }

    @Test
    void replayedLetterLiesWhereItLayWithKeyAndHeaders() {
        // When
        var _ = letters.replay(letter(1));

        // Then
        assertThat(producer.history())
                .singleElement()
                .satisfies(again -> {
                    assertThat(again.topic()).isEqualTo("inbox.acme");
                    assertThat(again.partition()).isEqualTo(3);
                    assertThat(again.key()).isEqualTo("k".getBytes(UTF_8));
                    assertThat(again.value()).isEqualTo("hello".getBytes(UTF_8));
                    assertThat(again.headers().lastHeader("ce_id").value())
                            .isEqualTo("e".getBytes(UTF_8));
                });
    }

    @Test
    void letterThatMayBeCutIsNotReplayed() {
        // Given
        DeadLetter cut =
                DeadLetter.newBuilder(letter(1))
                        .setValue(ByteBuffer.allocate(1_280 * 1024))
                        .build();

        // Then
        assertThatThrownBy(() -> letters.replay(cut)).isInstanceOf(IllegalArgumentException.class);
        assertThat(producer.history()).isEmpty();
    }

    private void lay(DeadLetter... all) {
        consumer.updatePartitions(
                TOPIC,
                List.of(new PartitionInfo(TOPIC, 0, Node.noNode(), new Node[0], new Node[0])));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.updateEndOffsets(Map.of(PARTITION, (long) all.length));
        consumer.schedulePollTask(() -> {
            for (int i = 0; i < all.length; i++) {
                if (i >= consumer.position(PARTITION)) {
                    consumer.addRecord(
                            new ConsumerRecord<>(TOPIC, 0, i, new byte[0], codec.encode(all[i])));
                }
            }
        });
    }

    private static DeadLetter letter(int number) {
        return DeadLetter.newBuilder()
                .setSource(new SourcePosition("inbox.acme", 3, (long) number))
                .setReason("undecodable")
                .setMessage("no record")
                .setKey(ByteBuffer.wrap("k".getBytes(UTF_8)))
                .setValue(ByteBuffer.wrap("hello".getBytes(UTF_8)))
                .setHeaders(Map.of("ce_id", ByteBuffer.wrap("e".getBytes(UTF_8))))
                .setFoundAt(NOON.plusSeconds(number))
                .build();
    }

    private static AvroCodec<DeadLetter> codec() {
        MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
        Registry.register(registry, Topic.subjects());
        return Codecs.on(registry).deadLetters();
    }
}
