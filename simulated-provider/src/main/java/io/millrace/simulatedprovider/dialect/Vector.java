package io.millrace.simulatedprovider.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.millrace.simulatedprovider.behaviour.Seed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.random.RandomGenerator;

/** An embedding: a vector of length 1 in a direction that seed and text decide. */
final class Vector {

    private final float[] values;

    private Vector(float[] values) {
        this.values = values;
    }

    static Vector of(String text, Seed seed, int dimensions) {
        RandomGenerator random = seed.generator(Seed.hash(text));
        double[] direction = new double[dimensions];
        double squares = 0;
        for (int at = 0; at < dimensions; at++) {
            direction[at] = random.nextGaussian();
            squares += direction[at] * direction[at];
        }
        double length = Math.sqrt(squares);
        float[] values = new float[dimensions];
        for (int at = 0; at < dimensions; at++) {
            values[at] = (float) (direction[at] / length);
        }
        return new Vector(values);
    }

    JsonNode floats() {
        ArrayNode floats = JsonNodeFactory.instance.arrayNode(values.length);
        for (float value : values) {
            floats.add(value);
        }
        return floats;
    }

    JsonNode base64() {
        ByteBuffer bytes =
                ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return JsonNodeFactory.instance.textNode(Base64.getEncoder().encodeToString(bytes.array()));
    }
}
