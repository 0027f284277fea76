package io.millrace.dispatcher.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.schemas.id.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Calls for tests. */
public final class Calls {

    public static final Duration LONG = Duration.ofSeconds(30);
    public static final JobId JOB = new JobId("job_00" + "a".repeat(26));
    public static final String CHAT =
            """
            {"model":"ours","stream":true,"stream_options":{"include_usage":true},"seed":18446744073709551616,
             "messages":[{"role":"user","content":"one two three"}],"unknown":{"kept":[1.50,null]}}
            """;

    private Calls() {}

    public static ProviderCall chat(String model) {
        return chat(model, LONG);
    }

    public static ProviderCall chat(String model, Duration within) {
        return call("/v1/chat/completions", model, CHAT, within);
    }

    public static ProviderCall embeddings(String model, String body) {
        return call("/v1/embeddings", model, body, LONG);
    }

    public static ProviderCall call(String endpoint, String model, String body, Duration within) {
        return new ProviderCall(
                JOB,
                2,
                endpoint,
                model,
                body.getBytes(UTF_8),
                Instant.now().plus(within),
                Optional.of("00-" + "1".repeat(32) + "-" + "2".repeat(16) + "-01"));
    }
}
