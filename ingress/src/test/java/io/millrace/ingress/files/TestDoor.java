package io.millrace.ingress.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.HttpService;
import io.millrace.ingress.auth.Authentication;
import io.millrace.ingress.control.Control;
import io.millrace.ingress.control.KeyIds;
import io.millrace.ingress.http.Failures;
import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.avro.KeyState;
import io.millrace.schemas.avro.TenantState;
import io.millrace.schemas.serde.Codecs;
import io.millrace.servicekit.http.HttpDefaults;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A server of some routes, whose callers are two tenants: keys that may submit, read or administer.
 */
public final class TestDoor implements AutoCloseable {

    /** Key of tenant acme. */
    public static final String ACME = "sk-acme-0123456789abcdef";

    /** Key of another tenant. */
    public static final String OTHER = "sk-other-0123456789abcdef";

    /** Key of tenant acme that may only read. */
    public static final String READER = "sk-reader-0123456789abcdef";

    /** Key of tenant acme that may change what is the tenant's. */
    public static final String ADMIN = "sk-admin-0123456789abcdef";

    /** Key of the other tenant that may. */
    public static final String OTHER_ADMIN = "sk-admin-of-other-0123456789";

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    static {
        // Avro trusts the generated classes once there are codecs of them.
        Codecs.on(new MockSchemaRegistryClient());
    }

    private final WebServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    /** An answer that was read to its end. */
    public record Answer(HttpResponse<byte[]> response) {

        /** Returns its status. */
        public int status() {
            return response.statusCode();
        }

        /** Returns its body as text. */
        public String text() {
            return new String(response.body(), StandardCharsets.UTF_8);
        }

        /** Returns its body as JSON. */
        public JsonNode json() {
            return Json.parse(response.body());
        }

        /** Returns the code of its error. */
        public String errorCode() {
            return json().path("error").path("code").asText();
        }

        /** Returns the field its error is about. */
        public String errorParam() {
            return json().path("error").path("param").asText();
        }
    }

    /** Opens it with services by the path they are registered under. */
    public TestDoor(Map<String, HttpService> services) {
        HttpRouting.Builder routing = HttpRouting.builder();
        services.forEach(routing::register);
        routing.error(Throwable.class, Failures::answer);
        server = HttpDefaults.server("127.0.0.1", 0).routing(routing).build().start();
    }

    /** Returns what knows the keys. */
    public static Authentication authentication() {
        Map<String, ControlRecord> records = new HashMap<>();
        for (String tenant : List.of("acme", "other")) {
            records.put(
                    "tenant/" + tenant,
                    control().setTenant(TenantState.newBuilder().setName(tenant).build()).build());
        }
        key(records, ACME, "acme", List.of("submit", "read"));
        key(records, OTHER, "other", List.of("submit", "read"));
        key(records, READER, "acme", List.of("read"));
        key(records, ADMIN, "acme", List.of("tenant-admin"));
        key(records, OTHER_ADMIN, "other", List.of("tenant-admin"));
        Control control = new Control(records);
        return new Authentication(() -> control, () -> NOW);
    }

    /** Sends a request with a key. */
    public Answer send(
            String method, String path, String key, BodyPublisher body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                        .header("Authorization", "Bearer " + key)
                        .method(method, body);
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            return new Answer(client.send(request.build(), BodyHandlers.ofByteArray()));
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Sends a request with a key and no body. */
    public Answer send(String method, String path, String key) {
        return send(method, path, key, BodyPublishers.noBody());
    }

    @Override
    public void close() {
        client.close();
        server.stop();
    }

    private static void key(
            Map<String, ControlRecord> records, String secret, String tenant, List<String> roles) {
        String sha256 = KeyIds.sha256(secret);
        records.put(
                "key/" + sha256,
                control()
                        .setKey(
                                KeyState.newBuilder()
                                        .setKeyId("key_" + tenant)
                                        .setName("test")
                                        .setTenant(tenant)
                                        .setSecretSha256(sha256)
                                        .setRoles(roles)
                                        .setModels(List.of("*"))
                                        .build())
                        .build());
    }

    private static ControlRecord.Builder control() {
        return ControlRecord.newBuilder().setVersion(1).setManagedBy("file").setUpdatedAt(NOW);
    }
}
