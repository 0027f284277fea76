package io.millrace.ingress.batch;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Input files for tests. */
final class TestInput {

    static final String ENDPOINT = "/v1/embeddings";

    private TestInput() {}

    static String line(String customId) {
        return line(customId, "\"input\":\"x\"");
    }

    static String line(String customId, String field) {
        return """
        {"custom_id":"%s","method":"POST","url":"/v1/embeddings","body":{"model":"m",%s}}\
        """
                .formatted(customId, field);
    }

    static String lines(int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> line("c" + i) + "\n")
                .collect(Collectors.joining());
    }

    static InputStream stream(String text) {
        return new ByteArrayInputStream(bytes(text));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
