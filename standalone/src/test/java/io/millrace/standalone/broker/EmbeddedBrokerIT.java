package io.millrace.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.standalone.process.ChildJvm;
import io.millrace.standalone.process.PortTakenException;
import io.millrace.standalone.process.RefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {

    /** 3.6 s on a quiet machine with two cores; other builds may share ours. */
    private static final Duration BACK_WITHIN = Duration.ofSeconds(30);

    @TempDir private Path temp = Path.of("");

    @Test
    void recordsSurviveARestart() throws Exception {
        // Given
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerConfig.of(temp, 0))) {
            TestClient client = new TestClient(broker.bootstrapServers());
            client.createTopic();
            client.produce("first");
            assertThat(client.consume(1)).containsExactly("first");
        }

        // When
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerConfig.of(temp, 0))) {
            TestClient client = new TestClient(broker.bootstrapServers());
            client.produce("second");

            // Then
            assertThat(client.consume(2)).containsExactly("first", "second");
        }
    }

    @Test
    void recordsSurviveAKillAndTheBrokerIsBackWithinSeconds() throws Exception {
        // Given
        try (ChildJvm child = startChild()) {
            TestClient client = new TestClient("127.0.0.1:" + child.nextLine());
            client.createTopic();
            client.produce("first");
            child.kill();
        }

        // When
        long killed = System.nanoTime();
        try (ChildJvm child = startChild()) {
            TestClient client = new TestClient("127.0.0.1:" + child.nextLine());
            client.produce("second");
            Duration back = Duration.ofNanos(System.nanoTime() - killed);

            // Then
            System.out.printf("killed broker back after %d ms%n", back.toMillis());
            assertThat(client.consume(2)).containsExactly("first", "second");
            assertThat(back).isLessThan(BACK_WITHIN);
        }
    }

    @Test
    void aTakenPortIsToldBeforeAnythingIsWritten() throws IOException {
        // Given
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            BrokerConfig config = BrokerConfig.of(temp.resolve("new"), other.getLocalPort());

            // Then
            assertThatThrownBy(() -> EmbeddedBroker.start(config))
                    .isInstanceOf(PortTakenException.class)
                    .hasMessageContaining("--kafka-port");
            assertThat(config.directory()).doesNotExist();
        }
    }

    @Test
    void aDirectoryThatCannotBeMadeIsRefused() throws IOException {
        // Given
        Path file = Files.createFile(temp.resolve("file"));

        // Then
        assertThatThrownBy(() -> EmbeddedBroker.start(BrokerConfig.of(file, 0)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(file.toString());
    }

    private ChildJvm startChild() throws IOException {
        return ChildJvm.start(
                temp.resolve("errors"), BrokerChild.class, temp.resolve("kafka").toString());
    }
}
