package io.millrace.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpServer;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.millrace.schemas.avro.SlotRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a registry may answer over HTTP, and what it says of the bytes or of the registry. */
class RegistryAnswersTest {

    private static final byte[] BYTES = {0, 0, 0, 0, 7, 0, 0, 0};

    private volatile int status = 200;
    private volatile String body = "{}";
    private HttpServer server;

    @BeforeEach
    void startRegistry() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/",
                exchange -> {
                    byte[] answer = body.getBytes(StandardCharsets.UTF_8);
                    exchange.getRequestBody().readAllBytes();
                    exchange.getResponseHeaders().add("Content-Type", "application/json");
                    exchange.sendResponseHeaders(status, answer.length);
                    try (OutputStream out = exchange.getResponseBody()) {
                        out.write(answer);
                    }
                });
        server.start();
    }

    @AfterEach
    void stopRegistry() {
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 408, 429, 500, 502, 503, 504})
    void registryThatCannotAnswerNowSaysNothingOfTheBytes(int failing) {
        // Given
        answer(failing, "{\"error_code\":%d,\"message\":\"not now\"}".formatted(failing));

        // Then
        assertThatExceptionOfType(RegistryUnavailableException.class)
                .isThrownBy(() -> codec(server.getAddress().getPort()).decode(BYTES))
                .withMessage("cannot ask for schema 7");
        assertThatExceptionOfType(RegistryUnavailableException.class)
                .isThrownBy(() -> codec(server.getAddress().getPort()).encode(Records.cancel()))
                .withMessage("cannot ask for the id of a SlotRecord");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<html>gateway</html>", "[]"})
    void answerThatIsNoRegistrysSaysNothingOfTheBytes(String text) {
        // Given
        answer(200, text);

        // Then
        assertThatExceptionOfType(RegistryUnavailableException.class)
                .isThrownBy(() -> codec(server.getAddress().getPort()).decode(BYTES));
    }

    @Test
    void schemaThatTheRegistryDoesNotKnowIsTheBytesFault() {
        // Given
        answer(404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");

        // Then
        assertThatExceptionOfType(UndecodableException.class)
                .isThrownBy(() -> codec(server.getAddress().getPort()).decode(BYTES))
                .withMessage("the registry has no schema 7");
    }

    @Test
    void schemaOfAnotherKindIsTheBytesFault() {
        // Given
        answer(200, "{\"schemaType\":\"PROTOBUF\",\"schema\":\"message A {}\"}");

        // Then
        assertThatExceptionOfType(UndecodableException.class)
                .isThrownBy(() -> codec(server.getAddress().getPort()).decode(BYTES))
                .withMessage("schema 7 is none of Avro");
    }

    @Test
    void subjectThatIsNotRegisteredIsNoFaultOfTheRecord() {
        // Given
        answer(404, "{\"error_code\":40401,\"message\":\"Subject not found\"}");

        // Then
        assertThatExceptionOfType(RegistryUnavailableException.class)
                .isThrownBy(() -> codec(server.getAddress().getPort()).encode(Records.cancel()));
    }

    @Test
    void registryThatIsDownSaysNothingOfTheBytes() throws IOException {
        // Given
        AvroCodec<SlotRecord> codec = codec(closedPort());

        // Then
        assertThatExceptionOfType(RegistryUnavailableException.class)
                .isThrownBy(() -> codec.decode(BYTES));
        assertThatExceptionOfType(RegistryUnavailableException.class)
                .isThrownBy(() -> codec.encode(Records.cancel()));
    }

    @Test
    void schemaIsAskedForOnce() {
        // Given
        answer(200, "{\"schema\":%s}".formatted(quoted(SlotRecord.getClassSchema().toString())));
        AvroCodec<SlotRecord> codec = codec(server.getAddress().getPort());
        SlotRecord first = codec.decode(BYTES);

        // When
        answer(503, "{}");

        // Then
        assertThat(codec.decode(BYTES)).isEqualTo(first);
    }

    private void answer(int newStatus, String newBody) {
        status = newStatus;
        body = newBody;
    }

    private static AvroCodec<SlotRecord> codec(int port) {
        return Codecs.on(
                        new CachedSchemaRegistryClient(
                                List.of("http://127.0.0.1:" + port),
                                10,
                                List.of(new AvroSchemaProvider()),
                                Map.of("max.retries", 0)))
                .slotRecords();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
