package io.millrace.usageaggregator.usage;

import io.millrace.schemas.avro.UsageRecord;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.schemas.serde.UndecodableException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of {@code usage}; poison is a value too, so that it can be kept.
 *
 * <p>Throws only while the schema registry cannot be asked: nothing is known of the bytes then, and
 * the record has to be read again.
 */
final class ArrivalDeserializer implements Deserializer<Arrival> {

    private static final byte[] NOTHING = {};

    private final AvroCodec<UsageRecord> codec;

    ArrivalDeserializer(AvroCodec<UsageRecord> codec) {
        this.codec = codec;
    }

    @Override
    public Arrival deserialize(String topic, byte @Nullable [] bytes) {
        if (bytes == null) {
            return new Arrival.Poison("undecodable", "the value is absent", NOTHING);
        }
        try {
            return Arrival.Bill.of(codec.decode(bytes), bytes);
        } catch (UndecodableException e) {
            return new Arrival.Poison("undecodable", String.valueOf(e.getMessage()), bytes);
        } catch (IllegalArgumentException e) {
            return new Arrival.Poison("impossible", String.valueOf(e.getMessage()), bytes);
        }
    }
}
