package io.millrace.standalone.registry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What a registry is asked for when it trains: the calls that every start of ours makes. */
final class RegistryPractice {

    private static final String SCHEMA =
            """
            {"schema": "{\\"type\\": \\"record\\", \\"name\\": \\"Practice\\", \\"fields\\": \
            [{\\"name\\": \\"%s\\", \\"type\\": [\\"null\\", \\"string\\"], \\"default\\": null}]}"}
            """;

    private RegistryPractice() {}

    /** Registers two versions of a schema and reads them back. */
    static void on(String url) {
        for (String field : List.of("first", "second")) {
            String version = url + "/subjects/practice-value";
            call(version + "/versions", SCHEMA.formatted(field));
            call(version, SCHEMA.formatted(field));
        }
        call(url + "/subjects/practice-value/versions/latest", "");
        call(url + "/config", "");
    }

    private static void call(String url, String body) {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection();
            if (!body.isEmpty()) {
                connection.setRequestProperty(
                        "Content-Type", "application/vnd.schemaregistry.v1+json");
                connection.setDoOutput(true);
                connection.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
            }
            connection.getResponseCode();
            connection.disconnect();
        } catch (IOException e) {
            throw new UncheckedIOException("the registry did not answer " + url, e);
        }
    }
}
