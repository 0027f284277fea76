package io.millrace.servicekit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeldBackRestTest {

    private static final byte[] SUBJECTS = "[\"requests-value\"]".getBytes(StandardCharsets.UTF_8);

    private final AtomicInteger questions = new AtomicInteger();
    private final CompletableFuture<Void> registered = new CompletableFuture<>();
    private HttpServer server;
    private SchemaRegistryClient client;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    questions.incrementAndGet();
                    exchange.getResponseHeaders().add("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, SUBJECTS.length);
                    exchange.getResponseBody().write(SUBJECTS);
                    exchange.close();
                });
        server.start();
        client =
                Registry.client(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                        registered);
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.stop(0);
    }

    @Test
    void aQuestionWaitsUntilTheSchemasAreThere() throws Exception {
        // Given
        CompletableFuture<List<String>> answer = new CompletableFuture<>();
        Thread asking =
                Thread.ofPlatform()
                        .start(() -> {
                            try {
                                answer.complete(List.copyOf(client.getAllSubjects()));
                            } catch (Exception e) {
                                answer.completeExceptionally(e);
                            }
                        });

        // When
        while (asking.getState() != Thread.State.WAITING && asking.isAlive()) {
            Thread.onSpinWait();
        }

        // Then
        assertThat(questions).hasValue(0);

        // When
        registered.complete(null);

        // Then
        assertThat(answer.get()).containsExactly("requests-value");
        assertThat(questions).hasValue(1);
    }

    @Test
    void aQuestionFailsWhenTheRegistryDidNotStart() {
        // Given
        registered.completeExceptionally(new IllegalStateException("no disk"));

        // Then
        assertThatThrownBy(client::getAllSubjects)
                .isInstanceOf(IOException.class)
                .hasMessage("the schema registry was not prepared")
                .hasRootCauseMessage("no disk");
        assertThat(questions).hasValue(0);
    }

    @Test
    void anInterruptEndsTheWait() {
        // Given
        Thread.currentThread().interrupt();

        // Then
        assertThatThrownBy(client::getAllSubjects).isInstanceOf(IOException.class);
        assertThat(Thread.interrupted()).isTrue();
    }
}
