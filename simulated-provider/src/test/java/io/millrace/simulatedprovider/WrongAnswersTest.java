package io.millrace.simulatedprovider;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers that are whole and yet not what they should be: their head, their type, their text. */
class WrongAnswersTest {

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
    void slowHeadComesAByteAtATime() throws IOException {
        // Given
        long start = System.nanoTime();

        // When
        String head = head("sim-head-slow-every-1ms");

        // Then
        assertThat(head).startsWith("HTTP/1.1 200");
        assertThat(System.nanoTime() - start).isGreaterThan((head.length() - 2) * 1_000_000L);
    }

    @Test
    void headMayHaveAHundredThousandHeaders() throws IOException {
        assertThat(head("sim-head-many").lines().count()).isGreaterThan(100_000);
    }

    @Test
    void headMayHaveAHeaderOf16Mebibytes() throws IOException {
        assertThat(head("sim-head-large")).hasSizeGreaterThan(16 << 20).endsWith("x\r\n\r\n");
    }

    @Test
    void anotherProtocolMayBeSpoken() throws IOException {
        try (Socket socket = running.asking("sim-head-alien")) {
            assertThat(new String(socket.getInputStream().readAllBytes(), ISO_8859_1))
                    .isEqualTo("220 mail.example.com ESMTP\r\n");
        }
        assertThat(running.onlyEnd().fault()).isEqualTo("head-alien");
    }

    @Test
    void connectionMayEndInPlaceOfAnAnswer() throws IOException {
        try (Socket socket = running.asking("sim-closed")) {
            assertThat(socket.getInputStream().read()).isNegative();
        }
        assertThat(running.onlyEnd().status()).isZero();
        assertThat(running.onlyEnd().outputTokens()).isPositive();
    }

    @Test
    void stallSendsHalfAndWaitsUntilTheClientLeaves() throws IOException {
        // Given
        try (Socket socket = running.asking("sim-stall")) {
            readHead(socket.getInputStream());
            assertThat(socket.getInputStream().read()).isEqualTo('{');
            assertThat(running.provider().summary().running()).isEqualTo(1);
        }

        // Then
        Running.await("the call to end", () -> running.provider().summary().ended() == 1);
        assertThat(running.onlyEnd().closedByClient()).isTrue();
        assertThat(running.onlyEnd().fault()).isEqualTo("stall");
    }

    @Test
    void nestedBodyIsAHundredThousandListsDeep() {
        // When
        String body = running.ask("sim-body-nested").body();

        // Then
        assertThat(body).startsWith("{\"choices\":[[[[").endsWith("]]]]}").hasSize(200_012);
    }

    @Test
    void pageAndMistypedAnswerAreCalledHtml() {
        // When
        HttpResponse<String> page = running.ask("sim-body-html");
        HttpResponse<String> mistyped = running.ask("sim-body-mistyped");

        // Then
        assertThat(page.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
        assertThat(page.body()).startsWith("<!DOCTYPE html>");
        assertThat(mistyped.headers().firstValue("content-type")).contains("text/html");
        assertThat(Running.json(mistyped).has("choices")).isTrue();
    }

    @Test
    void otherCharsetsAreSpoken() throws Exception {
        assertThat(new String(bytes("sim-body-latin1"), ISO_8859_1)).contains("\u00e9cho-");
        assertThat(new String(bytes("sim-body-latin1"), UTF_8)).doesNotContain("\u00e9cho-");
        assertThat(new String(bytes("sim-body-utf16"), UTF_16BE)).contains("\u00e9cho-");
    }

    private byte[] bytes(String model) throws IOException, InterruptedException {
        return running.client()
                .send(
                        running.request("/v1/chat/completions")
                                .POST(BodyPublishers.ofString(Running.chat(model)))
                                .build(),
                        BodyHandlers.ofByteArray())
                .body();
    }

    private String head(String model) throws IOException {
        try (Socket socket = running.asking(model)) {
            return readHead(socket.getInputStream());
        }
    }

    private static String readHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        int newlines = 0;
        while (newlines < 2) {
            int next = in.read();
            assertThat(next).isNotNegative();
            head.append((char) next);
            if (next == '\n') {
                newlines++;
            } else if (next != '\r') {
                newlines = 0;
            }
        }
        return head.toString();
    }
}
