package io.millrace.standalone.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.standalone.process.ChildJvm;
import io.millrace.standalone.process.Distribution;
import io.millrace.standalone.process.PortTakenException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryProcessIT {

    private static final String FIRST = "{\\\"name\\\":\\\"a\\\",\\\"type\\\":\\\"int\\\"}";
    private static final String OPTIONAL =
            ",{\\\"name\\\":\\\"b\\\",\\\"type\\\":\\\"int\\\",\\\"default\\\":0}";
    private static final String REQUIRED = ",{\\\"name\\\":\\\"c\\\",\\\"type\\\":\\\"int\\\"}";

    @TempDir private Path temp = Path.of("");

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void onlyFullyCompatibleVersionsAreTakenAndKeptOverARestart() throws Exception {
        // Given
        HttpResponse<String> first;
        try (RegistryProcess registry = RegistryProcess.start(config(0))) {
            first = register(registry, FIRST);
            assertThat(first.statusCode()).isEqualTo(200);

            // Then
            assertThat(register(registry, FIRST + OPTIONAL).statusCode()).isEqualTo(200);
            assertThat(register(registry, FIRST + REQUIRED).statusCode()).isEqualTo(409);
        }

        // When
        try (RegistryProcess registry = RegistryProcess.start(config(0))) {

            // Then
            assertThat(register(registry, FIRST).body()).isEqualTo(first.body());
            assertThat(register(registry, FIRST + REQUIRED).statusCode()).isEqualTo(409);
        }
    }

    @Test
    void aKilledParentTakesItsRegistryAlong() throws Exception {
        // Given
        try (ChildJvm parent =
                ChildJvm.start(
                        temp.resolve("errors"),
                        RegistryParent.class,
                        distribution().home().toString(),
                        temp.toString())) {
            ProcessHandle registry =
                    ProcessHandle.of(Long.parseLong(parent.nextLine())).orElseThrow();

            // When
            parent.kill();

            // Then
            registry.onExit().get(10, TimeUnit.SECONDS);
            assertThat(registry.isAlive()).isFalse();
        }
    }

    @Test
    void aTakenPortIsToldBeforeAnythingStarts() throws IOException {
        // Given
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            RegistryConfig config = config(other.getLocalPort());

            // Then
            assertThatThrownBy(() -> RegistryProcess.start(config))
                    .isInstanceOf(PortTakenException.class)
                    .hasMessageContaining("--registry-port");
            assertThat(config.log()).doesNotExist();
        }
    }

    private HttpResponse<String> register(RegistryProcess registry, String fields)
            throws IOException, InterruptedException {
        String body =
                "{\"schema\":\"{\\\"type\\\":\\\"record\\\",\\\"name\\\":\\\"T\\\",\\\"fields\\\":[%s]}\"}"
                        .formatted(fields);
        return http.send(
                HttpRequest.newBuilder(URI.create(registry.url() + "/subjects/t-value/versions"))
                        .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private RegistryConfig config(int port) {
        return RegistryConfig.of(distribution(), temp, temp, temp, port);
    }

    private static Distribution distribution() {
        return Distribution.ofThisProcess();
    }
}
