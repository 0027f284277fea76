package io.millrace.simulatedprovider.dialect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The body of an answer.
 *
 * @param isStream whether the parts are server-sent events; if not, there is one part, a JSON text
 */
public record Answer(boolean isStream, List<byte[]> parts) {

    private static final byte[] NO_JSON =
            "data: {\"choices\":[{\"delta\":\n\n".getBytes(StandardCharsets.UTF_8);

    public Answer {
        parts = List.copyOf(parts);
        if (parts.isEmpty() || (!isStream && parts.size() > 1)) {
            throw new IllegalArgumentException(
                    "parts must be one, or several of a stream, but were " + parts.size());
        }
    }

    static Answer json(byte[] body) {
        return new Answer(false, List.of(body));
    }

    static Answer stream(List<String> events) {
        return new Answer(
                true, events.stream().map(e -> e.getBytes(StandardCharsets.UTF_8)).toList());
    }

    /** The same, broken: the JSON ends in its middle, or an event in the middle is no JSON. */
    public Answer malformed() {
        if (isStream) {
            byte[][] broken = parts.toArray(byte[][]::new);
            broken[broken.length / 2] = NO_JSON;
            return new Answer(true, List.of(broken));
        }
        byte[] whole = parts.getFirst();
        return json(Arrays.copyOf(whole, whole.length / 2));
    }
}
