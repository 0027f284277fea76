package io.millrace.simulatedprovider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.simulatedprovider.ledger.LedgerEntry.Ended;
import io.millrace.simulatedprovider.ledger.LedgerFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults that break HTTP itself, or last until the client leaves. */
class BrokenAnswersTest {

    private static final long GIBIBYTE = 1L << 30;

    @TempDir private Path folder;
    private Running running;

    @BeforeEach
    void start() throws IOException {
        running = Running.in(folder);
    }

    @AfterEach
    void stop() throws IOException {
        running.close();
    }

    @Test
    void clientThatGivesUpOnAHangIsInTheLedgerAndBilled() throws IOException {
        // Given
        Socket socket = running.asking("sim-hang");
        Running.await("the call to start", () -> running.provider().summary().running() == 1);

        // When
        socket.close();

        // Then
        Running.await("the call to end", () -> running.provider().summary().ended() == 1);
        Ended ended = running.onlyEnd();
        assertThat(ended.closedByClient()).isTrue();
        assertThat(ended.status()).isZero();
        assertThat(ended.fault()).isEqualTo("hang");
        assertThat(ended.inputTokens()).isEqualTo(2);
        assertThat(ended.outputTokens()).isPositive();
    }

    @Test
    void clientThatGivesUpOnASlowAnswerIsSeenAtOnce() throws IOException {
        // Given
        Socket socket = running.asking("sim-3600s");
        Running.await("the call to start", () -> running.provider().summary().running() == 1);

        // When
        socket.close();

        // Then
        Running.await("the call to end", () -> running.provider().summary().ended() == 1);
        assertThat(running.onlyEnd().closedByClient()).isTrue();
    }

    @Test
    void providerThatClosesDoesNotBlameTheClient() throws IOException {
        // Given
        try (Socket _ = running.asking("sim-hang")) {
            Running.await("the call to start", () -> running.provider().summary().running() == 1);

            // When
            running.provider().close();
        }

        // Then
        assertThat(LedgerFile.read(folder.resolve("ledger.jsonl")).getLast())
                .isInstanceOfSatisfying(
                        Ended.class, ended -> assertThat(ended.closedByClient()).isFalse());
    }

    @Test
    void dripSendsTheWholeAnswerAByteAtATime() throws IOException {
        // Given
        long start = System.nanoTime();

        // When
        try (Socket socket = running.asking("sim-words-1-drip-every-1ms")) {
            int length = contentLength(head(socket.getInputStream()));
            byte[] body = socket.getInputStream().readNBytes(length);

            // Then
            assertThat(Running.json(new String(body, StandardCharsets.UTF_8)).has("choices"))
                    .isTrue();
            assertThat(System.nanoTime() - start).isGreaterThan((length - 1) * 1_000_000L);
        }
        assertThat(running.onlyEnd().fault()).isEqualTo("drip");
    }

    @Test
    void clientThatGivesUpOnADripIsSeen() throws IOException {
        // Given
        try (Socket socket = running.asking("sim-drip")) {
            assertThat(socket.getInputStream().read()).isEqualTo('H');
        }

        // Then
        Running.await("the call to end", () -> running.provider().summary().ended() == 1);
        assertThat(running.onlyEnd().closedByClient()).isTrue();
        assertThat(running.onlyEnd().status()).isEqualTo(200);
    }

    @Test
    void truncatedBodyIsHalfOfWhatItsLengthSays() throws IOException {
        try (Socket socket = running.asking("sim-truncated")) {
            // When
            int length = contentLength(head(socket.getInputStream()));
            byte[] body = socket.getInputStream().readAllBytes();

            // Then
            assertThat(body).hasSize(length / 2);
        }
        assertThat(running.onlyEnd().outputTokens()).isPositive();
    }

    @Test
    void truncatedStreamEndsWithoutItsEnd() throws IOException {
        assertThatThrownBy(() ->
                        running.client()
                                .send(
                                        running.request("/v1/chat/completions")
                                                .POST(
                                                        BodyPublishers.ofString(
                                                                Running.chat(
                                                                        "sim-truncated",
                                                                        "\"stream\": true,")))
                                                .build(),
                                        BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void hugeAnswerIsAGibibyteOfJson() throws Exception {
        // When
        long length = 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream body = stream("sim-huge").body()) {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                length += read;
            }
        }

        // Then
        assertThat(length).isGreaterThan(GIBIBYTE);
        assertThat(running.onlyEnd().closedByClient()).isFalse();
    }

    @Test
    void clientThatLeavesAHugeAnswerEndsIt() throws IOException {
        // Given
        Socket socket = running.asking("sim-huge");
        assertThat(socket.getInputStream().readNBytes(1 << 20)).hasSize(1 << 20);

        // When
        socket.close();

        // Then
        Running.await("the call to end", () -> running.provider().summary().ended() == 1);
        assertThat(running.onlyEnd().closedByClient()).isTrue();
    }

    @Test
    void gzipBombUnpacksToAGibibyte() throws Exception {
        // When
        HttpResponse<InputStream> response = stream("sim-gzipbomb");
        long length = 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream body = new GZIPInputStream(response.body(), 1 << 16)) {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                length += read;
            }
        }

        // Then
        assertThat(response.headers().firstValue("content-encoding")).contains("gzip");
        assertThat(response.headers().firstValueAsLong("content-length").orElseThrow())
                .isLessThan(3_000_000);
        assertThat(length).isGreaterThan(GIBIBYTE);
    }

    @Test
    void resetIsNoOrderlyEnd() throws IOException {
        try (Socket socket = running.asking("sim-reset")) {
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
        Running.await("the call to end", () -> running.provider().summary().ended() == 1);
        assertThat(running.onlyEnd().status()).isZero();
        assertThat(running.onlyEnd().closedByClient()).isFalse();
        assertThat(running.onlyEnd().inputTokens()).isEqualTo(2);
    }

    private HttpResponse<InputStream> stream(String model) throws Exception {
        return running.client()
                .send(
                        running.request("/v1/chat/completions")
                                .POST(BodyPublishers.ofString(Running.chat(model)))
                                .build(),
                        BodyHandlers.ofInputStream());
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.read());
        }
        return head.toString();
    }

    private static int contentLength(String head) {
        return head.lines()
                .filter(line -> line.startsWith("content-length: "))
                .mapToInt(line -> Integer.parseInt(line.substring("content-length: ".length())))
                .findAny()
                .orElseThrow();
    }
}
